using CsCheck;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Recovery;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Recovery;
using DrMesh.Core.Tests.Recovery.Simulation;

namespace DrMesh.Core.Tests.Recovery;

/// <summary>Several sessions one after another, with the cluster's keeper at work between them and the control store coming and going, held against S1, S2 and S5.</summary>
public sealed class DrSessionsInARowTests
{
    private static readonly int Iterations = int.TryParse(Environment.GetEnvironmentVariable("DRMESH_SIMULATIONS"), out var wanted) ? wanted : 300;

    [Theory]
    [InlineData(RecoveryKind.Failover)]
    [InlineData(RecoveryKind.Switchover)]
    public void S1_S2_SessionsAndUpkeepInARow_Hold(RecoveryKind kind) =>
        Gen.Int.Sample(seed =>
        {
            var run = new Life(seed, kind);
            if (run.Cluster.Violation is { } violation)
            {
                throw new ShouldAssertException($"seed {seed}: {violation}\n{string.Join('\n', run.Cluster.Story)}");
            }
        }, iter: Iterations);

    [Fact]
    public void Simulation_ManySessions_SeveralFailoversComplete()
    {
        var lives = Enumerable.Range(0, 200).Select(seed => new Life(seed, RecoveryKind.Failover)).ToArray();

        lives.Count(life => life.Completed >= 2).ShouldBeGreaterThan(20, "lives in which nobody is promoted twice prove nothing about what follows a promotion");
    }

    [Fact]
    public void Simulation_SetChangedUnderTheSameEpoch_FindsTheLoss() =>
        Enumerable.Range(0, 6000).Select(seed => new Life(seed, RecoveryKind.Failover, (set, record) => record.Open(set)).Cluster.Violation)
            .Any(violation => violation?.StartsWith("S2", StringComparison.Ordinal) == true).ShouldBeTrue("an order for a closed set may arrive late");

    [Fact]
    public void Simulation_SetClosedBeforeItsStandbysCaughtUp_FindsTheLoss() =>
        Enumerable.Range(0, 6000).Select(seed => new Life(seed, RecoveryKind.Failover, isConfirmed: (_, _) => true).Cluster.Violation)
            .Any(violation => violation?.StartsWith("S2", StringComparison.Ordinal) == true).ShouldBeTrue("a standby that lags may be asked alone");

    [Fact]
    public void S5_SessionWithoutTheControlStore_TouchesNothing() =>
        Gen.Select(Gen.Int, Gen.Enum<RecoveryKind>()).Sample((seed, kind) =>
        {
            var random = new Random(seed);
            var cluster = new SimCluster(random, 3, 1, promisesAreKept: true) { StoreFails = false, StoreIsUp = false };
            var session = new SimSession(random, cluster, kind);

            session.Run(150);

            session.State.Status.ShouldNotBe(SessionStatus.Succeeded);
            cluster.Record.Version.ShouldBe(1);
            cluster.Members.ShouldAllBe(member => member.Epoch == 0 && !member.IsFenced && member.IsPrimary == (member == cluster.Members[0]));
            cluster.Members[1..].ShouldAllBe(member => member.Follows == cluster.Members[0].Name);
        }, iter: 500);

    private sealed class Life
    {
        public Life(
            int seed, RecoveryKind kind, Func<AcknowledgingSet, ClusterRecord, ClusterRecord>? change = null, Func<AcknowledgingSet, MemberStatus, bool>? isConfirmed = null)
        {
            var random = new Random(seed);
            var standbys = random.Next(2, 5);
            Cluster = new SimCluster(random, standbys, random.Next(1, standbys), promisesAreKept: true);
            var keeper = new SimKeeper(random, Cluster, change, isConfirmed);
            List<SimSession> sessions = [];
            for (var move = 0; move < 500 && Cluster.Violation is null; move++)
            {
                Cluster.Happen();
                if ((sessions.Count == 0 || sessions[^1].HasEnded) && random.Next(20) == 0)
                {
                    // Planned moves are not begun while nobody knows who leads.
                    sessions.Add(new SimSession(random, Cluster, Cluster.Record.Candidate is null ? kind : RecoveryKind.Failover, number: sessions.Count + 1));
                }

                foreach (var session in sessions)
                {
                    session.Move();
                }

                if (random.Next(3) == 0)
                {
                    keeper.Look(sessions.Count == 0 || sessions[^1].HasEnded);
                }
            }

            Completed = sessions.Count(session => session.State.Status is SessionStatus.Succeeded or SessionStatus.Degraded);
        }

        public SimCluster Cluster { get; }

        public int Completed { get; }
    }
}

using CsCheck;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Recovery;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Tests.Recovery.Simulation;

namespace DrMesh.Core.Tests.Recovery;

/// <summary>The DR machine against a world that does its worst, held against S1 and S2; and the same world finding out when a guard is taken away.</summary>
public sealed class DrSessionSimulationTests
{
    [Theory]
    [InlineData(RecoveryKind.Failover)]
    [InlineData(RecoveryKind.Switchover)]
    public void S1_S2_AnySequenceOfCrashesAndPartitions_Hold(RecoveryKind kind) =>
        Gen.Int.Sample(seed =>
        {
            var (violation, _, story) = Run(seed, kind, promisesAreKept: true, covers: null);
            if (violation is not null)
            {
                throw new ShouldAssertException($"seed {seed}: {violation}\n{story}");
            }
        }, iter: 3000);

    [Fact]
    public void Simulation_CalmEnough_FailoversComplete() =>
        Enumerable.Range(0, 300).Count(seed => Run(seed, RecoveryKind.Failover, true, null).Status is SessionStatus.Succeeded or SessionStatus.Degraded)
            .ShouldBeGreaterThan(30, "a simulation in which nothing is ever promoted proves nothing");

    [Fact]
    public void Simulation_OnePromiseFewer_FindsTheLoss() =>
        Violations(promisesAreKept: true, covers: (sets, promised) => sets.All(set => promised.Count(set.Members.Contains) >= set.Members.Length - set.Needed))
            .ShouldContain(violation => violation.StartsWith("S2", StringComparison.Ordinal) || violation.StartsWith("S1", StringComparison.Ordinal));

    [Fact]
    public void Simulation_PromiseThatGoesOnFollowing_FindsTheSecondWriter() =>
        Violations(promisesAreKept: false, covers: null).ShouldNotBeEmpty();

    private static IEnumerable<string> Violations(
        bool promisesAreKept, Func<IEnumerable<AcknowledgingSet>, IReadOnlyCollection<string>, bool>? covers) =>
        Enumerable.Range(0, 5000).Select(seed => Run(seed, RecoveryKind.Failover, promisesAreKept, covers).Violation).OfType<string>();

    private static (string? Violation, SessionStatus Status, string Story) Run(
        int seed, RecoveryKind kind, bool promisesAreKept, Func<IEnumerable<AcknowledgingSet>, IReadOnlyCollection<string>, bool>? covers)
    {
        var random = new Random(seed);
        var standbys = random.Next(2, 5);
        var cluster = new SimCluster(random, standbys, random.Next(1, standbys), promisesAreKept);
        var session = new SimSession(random, cluster, kind, covers);
        session.Run(120);
        return (cluster.Violation, session.State.Status, string.Join('\n', session.State.Events.Select(happened => happened.Text).Concat(cluster.Story)));
    }
}

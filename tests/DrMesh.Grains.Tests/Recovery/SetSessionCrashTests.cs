using DrMesh.Contracts.Recovery;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Recovery;
using DrMesh.TestKit.Crash;
using DrMesh.TestKit.Recovery;

namespace DrMesh.Grains.Tests.Recovery;

/// <summary>
/// An application of a replica set and, behind it, a PostgreSQL cluster: switchover, the forced reconfiguration of a lost majority, and the way back end alike wherever the coordinating silo dies: one
/// primary of each, the set in one configuration.
/// </summary>
public abstract class SetSessionCrashTests(RecoveryKind kind, bool isRefused = false)
{
    private const string Other = "other";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // More than there are places to die at.
    private int Applications => isRefused ? 30 : 40;

    // Up to the clusters' stop, or fence, a session is that of DrSessionCrashTests; up to the sets' turn the way back is that of the switchover.
    private int Before => isRefused ? 10 : 5;

    [Fact]
    public async Task S3_SiloKilledBeforeAndAfterEveryWrite_OnePrimaryInOneConfiguration()
    {
        string[] order = isRefused ? [SetWorld.Set, Other, SetWorld.Cluster] : [SetWorld.Set, SetWorld.Cluster];
        await using var world = SetWorld.Create(Enumerable.Range(0, Applications).Select(number => (Name(number), order)));
        await using var kit = await CrashKit.StartAsync<RecoveryPlan>(world.Wire);
        await world.Databases.CalmAsync(kit.Grains, Cancellation);
        var struck = new HashSet<string>();

        var tried = await kit.CrashEverywhereAsync(
            number => new SessionId(Name(number)),
            async (grains, session) =>
            {
                if (struck.Add(session.Value))
                {
                    await StrikeAsync(world, session.Value);
                }

                return await grains.GetGrain<IDrSessionGrain>(session.Value).Start(new StartRecovery { Kind = kind, Application = session.Value, To = FakeDatabases.Regions[1], Reason = "a test" }, Cancellation);
            },
            session => $"{world.Describe(session.Value)}; {world.Databases.DescribeSites(session.Value)}",
            point => point.Manner == CrashManner.SiloDies && point.Number > Before && (!isRefused || point.Moment == CrashMoment.AfterWrite));

        tried.ShouldBeInRange(8, Applications - 1);
        world.Describe(Name(0)).ShouldBe(isRefused
            ? "led by 0; Primary votes 1 priority 2; Secondary votes 1 priority 1; Secondary votes 1 priority 1; recorded east, held False, former 0, written epoch True"
            : kind == RecoveryKind.Failover
            ? "led by 1; Down votes 1 priority 1; Primary votes 1 priority 1; Down votes 1 priority 1; recorded west, held False, former 2, written epoch True"
            : "led by 1; Secondary votes 1 priority 1; Primary votes 1 priority 2; Secondary votes 1 priority 1; recorded west, held False, former 0, written epoch True");
    }

    private async Task StrikeAsync(SetWorld world, string application)
    {
        if (kind == RecoveryKind.Failover)
        {
            world.LoseMajority(application);
            world.Databases.Servers.Kill(world.Databases.PortOf(application, FakeDatabases.Regions[0]));
        }

        if (isRefused)
        {
            await world.WriteEpochAsync(application, Other, 1000, Cancellation);
        }
    }

    private static string Name(int number) => $"recovery-{number:000}";
}

/// <summary>See <see cref="SetSessionCrashTests"/>.</summary>
public sealed class SetFailoverCrashTests() : SetSessionCrashTests(RecoveryKind.Failover);

/// <summary>See <see cref="SetSessionCrashTests"/>.</summary>
public sealed class SetSwitchoverCrashTests() : SetSessionCrashTests(RecoveryKind.Switchover);

/// <summary>See <see cref="SetSessionCrashTests"/>: a second set refuses, before the cluster's turn, so that all goes back.</summary>
public sealed class SetReturnCrashTests() : SetSessionCrashTests(RecoveryKind.Switchover, isRefused: true);

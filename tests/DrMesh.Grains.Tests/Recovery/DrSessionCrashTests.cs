using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Recovery;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Recovery;
using DrMesh.TestKit.Crash;
using DrMesh.TestKit.Recovery;

namespace DrMesh.Grains.Tests.Recovery;

/// <summary>Failover, switchover and failback end alike wherever the coordinating silo dies: one primary, promoted once.</summary>
public abstract class DrSessionCrashTests(RecoveryKind kind, DurabilityDefinition? durability = null, FailoverStrategy strategy = FailoverStrategy.HotStandby)
{
    // More than there are places to die at; each run has a cluster of its own, named as its session.
    private const int Clusters = 60;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task S3_SiloKilledBeforeAndAfterEveryWrite_OnePrimaryPromotedOnce()
    {
        var world = FakeDatabases.Create(Enumerable.Range(0, Clusters).Select(Name), strategy, durability: durability);
        await using var kit = await CrashKit.StartAsync<RecoveryPlan>((silo, place) => world.Wire(silo, FakeDatabases.Regions[place], reachesAll: true));
        await world.CalmAsync(kit.Grains, Cancellation);
        if (kind == RecoveryKind.Failback)
        {
            await Task.WhenAll(Enumerable.Range(0, Clusters).Select(number => MoveAwayAsync(kit, Name(number))));
        }

        var killed = new HashSet<SessionId>();
        var tried = await kit.CrashEverywhereAsync(
            number => new SessionId(Name(number)),
            async (grains, session) =>
            {
                // Asked to begin again, since the answer was lost, the session may have brought the killed one back already.
                if (kind == RecoveryKind.Failover && killed.Add(session))
                {
                    world.Servers.Kill(world.PortOf(session.Value, FakeDatabases.Regions[0]));
                }

                return await grains.GetGrain<IDrSessionGrain>(session.Value).Start(Request(kind, session.Value), Cancellation);
            },
            session => world.DescribeSites(session.Value),
            point => point.Manner == CrashManner.SiloDies);

        tried.ShouldBeInRange(8, Clusters - 1);
    }

    private static string Name(int number) => $"recovery-{number:000}";

    private static StartRecovery Request(RecoveryKind kind, string cluster) => new() { Kind = kind, Application = cluster, Reason = "a test" };

    private static async Task MoveAwayAsync(CrashKit kit, string cluster)
    {
        var ended = await kit.RunAsync(new SessionId($"recovery-away-{cluster}"), (grains, session) => grains.GetGrain<IDrSessionGrain>(session.Value).Start(Request(RecoveryKind.Switchover, cluster), Cancellation));
        ended.Status.ShouldBe(SessionStatus.Succeeded, ended.Outcome);
    }
}

/// <summary>See <see cref="DrSessionCrashTests"/>.</summary>
public sealed class FailoverCrashTests() : DrSessionCrashTests(RecoveryKind.Failover);

/// <summary>See <see cref="DrSessionCrashTests"/>; the other sites keep only their machines, and come up from a fake repository.</summary>
public sealed class PilotLightCrashTests() : DrSessionCrashTests(RecoveryKind.Failover, strategy: FailoverStrategy.PilotLight);

/// <summary>See <see cref="DrSessionCrashTests"/>.</summary>
public sealed class SwitchoverCrashTests() : DrSessionCrashTests(RecoveryKind.Switchover);

/// <summary>See <see cref="DrSessionCrashTests"/>.</summary>
public sealed class FailbackCrashTests() : DrSessionCrashTests(RecoveryKind.Failback);

/// <summary>See <see cref="DrSessionCrashTests"/>: where commits wait for nobody, so that leases are taken on the way.</summary>
public sealed class AsyncFailoverCrashTests() : DrSessionCrashTests(RecoveryKind.Failover, new DurabilityDefinition { Mode = DurabilityMode.Async });

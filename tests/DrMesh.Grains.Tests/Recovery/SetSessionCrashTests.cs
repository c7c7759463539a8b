using DrMesh.Contracts.Recovery;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Recovery;
using DrMesh.TestKit.Crash;

namespace DrMesh.Grains.Tests.Recovery;

/// <summary>A replica set's switchover, and the forced reconfiguration of a lost majority, end alike wherever the coordinating silo dies: one primary, in one configuration.</summary>
public abstract class SetSessionCrashTests(RecoveryKind kind)
{
    private const int Sets = 40;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task S3_SiloKilledBeforeAndAfterEveryWrite_OnePrimaryInOneConfiguration()
    {
        await using var world = SetWorld.Create(Enumerable.Range(0, Sets).Select(Name), "recovery-mixed");
        await using var kit = await CrashKit.StartAsync<RecoveryPlan>(world.Wire);
        var struck = new HashSet<string>();

        var tried = await kit.CrashEverywhereAsync(
            number => new SessionId(Name(number)),
            async (grains, session) =>
            {
                if (kind == RecoveryKind.Failover && struck.Add(session.Value))
                {
                    world.LoseMajority(session.Value);
                }

                return await grains.GetGrain<IDrSessionGrain>(session.Value).Start(new StartRecovery { Kind = kind, Application = session.Value, Reason = "a test" }, Cancellation);
            },
            session => world.Describe(session.Value),
            point => point.Manner == CrashManner.SiloDies);

        tried.ShouldBeInRange(8, Sets - 1);
        world.Describe(Name(0)).ShouldBe(kind == RecoveryKind.Failover
            ? "led by 1; Down votes 1 priority 1; Primary votes 1 priority 1; Down votes 1 priority 1; recorded west, held False, former 2, written epoch True"
            : "led by 1; Secondary votes 1 priority 1; Primary votes 1 priority 2; Secondary votes 1 priority 1; recorded west, held False, former 0, written epoch True");
    }

    private static string Name(int number) => $"recovery-{number:000}";
}

/// <summary>See <see cref="SetSessionCrashTests"/>.</summary>
public sealed class SetFailoverCrashTests() : SetSessionCrashTests(RecoveryKind.Failover);

/// <summary>See <see cref="SetSessionCrashTests"/>.</summary>
public sealed class SetSwitchoverCrashTests() : SetSessionCrashTests(RecoveryKind.Switchover);

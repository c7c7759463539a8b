using DrMesh.Contracts.Recovery;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Recovery;
using DrMesh.TestKit;
using DrMesh.TestKit.Crash;

namespace DrMesh.Grains.Tests.Recovery;

/// <summary>What the estate's hooks around a failover may stop, and what not.</summary>
public sealed class RecoveryHookTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Before_Fails_NothingIsTouched()
    {
        var (ended, databases, hooks) = await FailOverAsync(failing: RecoveryEstate.Before);

        ended.Status.ShouldBe(SessionStatus.Failed);
        ended.Outcome.ShouldNotBeNull().ShouldContain("hook freeze-carts says no");
        databases.Changes.ShouldBeEmpty();
        hooks.Of(RecoveryEstate.After).ShouldBeEmpty();
    }

    [Fact]
    public async Task After_Fails_TheEndIsDegradedAndNamesIt()
    {
        var (ended, databases, hooks) = await FailOverAsync(failing: RecoveryEstate.After);

        ended.Status.ShouldBe(SessionStatus.Degraded);
        ended.Outcome.ShouldNotBeNull().ShouldContain("hook move-cdn says no");
        databases.Changes.ShouldContain("answer us");
        hooks.Of(RecoveryEstate.Before).ShouldHaveSingleItem().From.ShouldBe("eu");
    }

    [Fact]
    public async Task Notify_Fails_StopsNothing()
    {
        var (ended, _, hooks) = await FailOverAsync(failing: RecoveryEstate.Notify);

        ended.Status.ShouldBe(SessionStatus.Succeeded);
        hooks.Of(RecoveryEstate.After).ShouldHaveSingleItem().To.ShouldBe("us");
    }

    [Fact]
    public async Task Notify_IsToldOfEveryPhaseInOrder()
    {
        var (ended, _, hooks) = await FailOverAsync(failing: null);

        ended.Status.ShouldBe(SessionStatus.Succeeded);
        await Eventually.HoldsAsync(
            () => Task.FromResult(hooks.Of(RecoveryEstate.Notify).Count == 7), TimeSpan.FromSeconds(20), () => string.Join('\n', hooks.Of(RecoveryEstate.Notify).Select(call => call.Text)), Cancellation);
        hooks.Of(RecoveryEstate.Notify).OrderBy(call => call.Id, StringComparer.Ordinal).Select(call => call.Text.Split(": ")[^1].Split(',')[0])
            .ShouldBe(["Assessing", "Fencing", "Promoting", "Validating", "SwitchingTraffic", "Stabilising", "Completed"]);
    }

    private static async Task<(SessionSummary Ended, FakeDatabases Databases, FakeHooks Hooks)> FailOverAsync(string? failing)
    {
        var (databases, hooks) = (new FakeDatabases(), new FakeHooks { Failing = failing });
        databases.Begin(silent: ["eu"]);
        await using var kit = await CrashKit.StartAsync<RecoveryPlan>(new RecoverySilos(databases, hooks, "us").Wire);
        var session = new SessionId("recovery-1");
        var ended = await kit.RunAsync(session, (grains, id) => grains.GetGrain<IDrSessionGrain>(id.Value).Start(
            new StartRecovery { Kind = RecoveryKind.Failover, Application = RecoveryEstate.Application, Reason = "test" }));
        return (ended, databases, hooks);
    }
}

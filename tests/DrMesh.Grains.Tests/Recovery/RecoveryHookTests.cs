using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Recovery;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Recovery;
using DrMesh.TestKit;
using DrMesh.TestKit.Crash;
using DrMesh.TestKit.Recovery;

namespace DrMesh.Grains.Tests.Recovery;

/// <summary>What the estate's hooks around a failover may stop, and what not.</summary>
public sealed class RecoveryHookTests
{
    private const string Cluster = "orders";
    private const string Before = "freeze-carts";
    private const string After = "move-cdn";
    private const string Notify = "pager";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Before_Fails_NothingIsTouched()
    {
        var (ended, databases) = await FailOverAsync(failing: Before);

        ended.Status.ShouldBe(SessionStatus.Failed);
        ended.Outcome.ShouldNotBeNull().ShouldContain("hook freeze-carts says no");
        databases.Servers.Describe(new ClusterId(Cluster)).ShouldNotContain("promoted 1");
        databases.Hooks.Of(After).ShouldBeEmpty();
    }

    [Fact]
    public async Task After_Fails_TheEndIsDegradedAndNamesIt()
    {
        var (ended, databases) = await FailOverAsync(failing: After);

        ended.Status.ShouldBe(SessionStatus.Degraded);
        ended.Outcome.ShouldNotBeNull().ShouldContain("hook move-cdn says no");
        databases.Hooks.Of(Before).ShouldHaveSingleItem().From.ShouldBe("east");
    }

    [Fact]
    public async Task Notify_Fails_StopsNothing()
    {
        var (ended, databases) = await FailOverAsync(failing: Notify);

        ended.Status.ShouldBe(SessionStatus.Succeeded);
        databases.Hooks.Of(After).ShouldHaveSingleItem().To.ShouldBe("west");
    }

    [Fact]
    public async Task Notify_IsToldOfEveryPhaseInOrder()
    {
        var (ended, databases) = await FailOverAsync(failing: null);

        ended.Status.ShouldBe(SessionStatus.Succeeded);
        await Eventually.HoldsAsync(
            () => Task.FromResult(databases.Hooks.Of(Notify).Count == 7), TimeSpan.FromSeconds(20), () => string.Join('\n', databases.Hooks.Of(Notify).Select(call => call.Text)), Cancellation);
        databases.Hooks.Of(Notify).OrderBy(call => call.Id, StringComparer.Ordinal).Select(call => call.Text.Split(": ")[^1].Split(',')[0])
            .ShouldBe(["Assessing", "Fencing", "Promoting", "Validating", "SwitchingTraffic", "Stabilising", "Completed"]);
    }

    private static async Task<(SessionSummary Ended, FakeDatabases Databases)> FailOverAsync(string? failing)
    {
        var databases = FakeDatabases.Create([Cluster], hooks: new SessionHooks { Before = [Before], After = [After], Notify = [Notify] });
        databases.Hooks.Failing = failing;
        await using var kit = await CrashKit.StartAsync<RecoveryPlan>((silo, place) => databases.Wire(silo, FakeDatabases.Regions[place], reachesAll: true));
        await databases.CalmAsync(kit.Grains, Cancellation);
        databases.Servers.Kill(databases.PortOf(Cluster, FakeDatabases.Regions[0]));
        var ended = await kit.RunAsync(new SessionId("recovery-1"), (grains, id) => grains.GetGrain<IDrSessionGrain>(id.Value).Start(
            new StartRecovery { Kind = RecoveryKind.Failover, Application = Cluster, Reason = "test" }, Cancellation));
        return (ended, databases);
    }
}

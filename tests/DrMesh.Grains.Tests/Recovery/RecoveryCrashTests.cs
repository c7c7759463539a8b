using DrMesh.Contracts.Recovery;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Recovery;
using DrMesh.TestKit.Crash;

namespace DrMesh.Grains.Tests.Recovery;

/// <summary>S3: the coordinating silo dies before or after any step of any phase; the end is the same, and no server is changed twice.</summary>
public sealed class RecoveryCrashTests(ITestOutputHelper output)
{
    [Fact]
    public Task S3_FailoverCoordinatorDies_SameEnd() => DieEverywhereAsync(RecoveryKind.Failover, databases => databases.Begin(silent: ["eu"]), to: "us");

    [Fact]
    public Task S3_SwitchoverCoordinatorDies_SameEnd() => DieEverywhereAsync(RecoveryKind.Switchover, databases => databases.Begin(), to: "us");

    [Fact]
    public Task S3_FailbackCoordinatorDies_SameEnd() => DieEverywhereAsync(RecoveryKind.Failback, databases => databases.Begin(primary: "us", stopped: "eu"), to: "eu");

    private async Task DieEverywhereAsync(RecoveryKind kind, Action<FakeDatabases> begin, string to)
    {
        var (databases, hooks) = (new FakeDatabases(), new FakeHooks());
        begin(databases);
        await using var kit = await CrashKit.StartAsync<RecoveryPlan>(new RecoverySilos(databases, hooks, to).Wire);

        var tried = await kit.CrashEverywhereAsync(
            run =>
            {
                begin(databases);
                hooks.Forget();
                return new SessionId($"recovery-{run}");
            },
            async (grains, session) =>
            {
                var started = await grains.GetGrain<IDrSessionGrain>(session.Value).Start(new StartRecovery { Kind = kind, Application = RecoveryEstate.Application, Reason = "test" });
                if (started.Outcome == StartOutcome.Refused)
                {
                    output.WriteLine($"{session} is refused: {started.Reason}");
                }

                return started;
            },
            _ =>
            {
                databases.KeepMembers();
                databases.Changes.ShouldBeUnique();
                databases.Changes.ShouldContain($"promote {to}");
                hooks.Of(RecoveryEstate.Before).ShouldHaveSingleItem("a receiver knows a repetition by its id");
                hooks.Of(RecoveryEstate.After).ShouldHaveSingleItem("a receiver knows a repetition by its id");
                return databases.Describe();
            },
            point => point.Manner == CrashManner.SiloDies);

        // Before and after a write for the beginning and for each step's outcome.
        tried.ShouldBeGreaterThan(24);
    }
}

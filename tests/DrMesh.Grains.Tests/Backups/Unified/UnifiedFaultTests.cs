using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Backups.Unified;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Restores.Unified;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Backups.Unified;
using DrMesh.Core.Restores.Unified;
using DrMesh.Engines.PostgreSql.Hosting;
using DrMesh.TestKit;
using DrMesh.TestKit.Crash;

namespace DrMesh.Grains.Tests.Backups.Unified;

/// <summary>A database or the store is lost while a unified session runs: it ends with that part's reason, nothing is half recorded, the application writes.</summary>
public sealed class UnifiedFaultTests
{
    private static readonly StartUnifiedBackup Backup = new() { Application = "shop" };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("postgres")]
    [InlineData("mongo")]
    [InlineData("store")]
    public async Task Backup_LostBeforeThePoint_FailsWithThatReasonAndTheApplicationWrites(string lost)
    {
        await using var world = await ShopWorld.StartAsync(ConsistencyMode.Fence);
        await using var kit = await CrashKit.StartAsync<UnifiedBackupPlan>(world.Wire);
        var before = await kit.RunAsync(new SessionId("unified-0"), (grains, session) => grains.GetGrain<IUnifiedBackupSessionGrain>(session.Value).Start(Backup));
        before.Status.ShouldBe(SessionStatus.Succeeded, before.Outcome);
        // It is lost when the copies are made and the application was just asked to hold its writes: what the point still needs of it is gone.
        world.Hooks.OnQuiesce = () => LoseAsync(world, lost);

        var ended = await kit.RunAsync(new SessionId("unified-1"), (grains, session) => grains.GetGrain<IUnifiedBackupSessionGrain>(session.Value).Start(Backup));

        ended.Status.ShouldBe(SessionStatus.Failed, ended.Outcome);
        ended.Outcome.ShouldNotBeNull().ShouldStartWith("TakePoint: ");
        ended.Outcome.ShouldContain("stay and can be restored one by one");
        ended.Steps.Last(step => step.Step == "ResumeApplication").Status.ShouldBe(StepStatus.Done);
        world.Hooks.IsOpen.ShouldBeTrue("the application writes");
        await BringBackAsync(world, lost);
        await using var repository = await world.OpenRepositoryAsync();
        (await repository.FindAsync(new BackupId("unified-1"), Cancellation)).ShouldBeNull("a manifest would name what is not there");

        world.Hooks.OnQuiesce = null;
        var again = await kit.RunAsync(new SessionId("unified-2"), (grains, session) => grains.GetGrain<IUnifiedBackupSessionGrain>(session.Value).Start(Backup));
        again.Status.ShouldBe(SessionStatus.Succeeded, again.Outcome);
    }

    [Theory]
    [InlineData("mongo")]
    [InlineData("store")]
    public async Task Restore_LostOnTheWay_IsRolledBack(string lost)
    {
        await using var world = await ShopWorld.StartAsync(ConsistencyMode.Marker);
        await using var kit = await CrashKit.StartAsync<UnifiedRestorePlan>(world.Wire);
        await kit.RunAsync(new SessionId("unified-0"), (grains, session) => grains.GetGrain<IUnifiedBackupSessionGrain>(session.Value).Start(Backup));
        var directory = Path.Combine(world.Directory.Path, "restored");
        Directory.CreateDirectory(directory);
        var port = LoopbackPort.Next();
        // The cluster first; when its server runs the rest is lost.
        var request = world.Restore(directory, port) with { Strategy = RestoreStrategy.Sequential };
        var server = new PostgresInstance(PostgresInstall.Find(), Path.Combine(directory, "data"));
        try
        {
            var running = kit.RunAsync(new SessionId("apprestore-1"), (grains, session) => grains.GetGrain<IUnifiedRestoreSessionGrain>(session.Value).Start(request));
            await Eventually.HoldsAsync(() => Task.FromResult(server.ReadPostmasterPid() is not null || running.IsCompleted), TimeSpan.FromSeconds(60), () => "nothing is restored", Cancellation);
            await LoseAsync(world, lost == "mongo" ? "target" : "store");

            var ended = await running;

            ended.Status.ShouldBe(SessionStatus.Failed, ended.Outcome);
            ended.Outcome.ShouldNotBeNull().ShouldContain("restored servers were stopped, directories stay for a look");
            ended.Steps.Last(step => step is { Step: "StopPart", Target: "PostgreSql/orders" }).Status.ShouldBe(StepStatus.Done);
            server.ReadPostmasterPid().ShouldBeNull("the restored server was stopped");
            Directory.EnumerateFileSystemEntries(server.DataDirectory).ShouldNotBeEmpty("what was written stays");
        }
        finally
        {
            await server.StopAsync(ShutdownMode.Immediate, TimeSpan.FromSeconds(30), CancellationToken.None);
        }
    }

    private static async Task LoseAsync(ShopWorld world, string what)
    {
        switch (what)
        {
            case "postgres":
                await world.Server.StopAsync();
                break;
            case "mongo":
                world.Set.Members.ToList().ForEach(world.Set.Kill);
                break;
            case "target":
                world.Target.Members.ToList().ForEach(world.Target.Kill);
                break;
            default:
                // A store that answers every request with a fault: what should be its directory is a file.
                Directory.Move(Store(world), Store(world) + ".away");
                await File.WriteAllTextAsync(Store(world), "no directory", Cancellation);
                break;
        }
    }

    private static async Task BringBackAsync(ShopWorld world, string what)
    {
        switch (what)
        {
            case "postgres":
                await world.Server.StartAsync();
                break;
            case "mongo":
                world.Set.Members.ToList().ForEach(world.Set.Restart);
                break;
            default:
                File.Delete(Store(world));
                Directory.Move(Store(world) + ".away", Store(world));
                break;
        }
    }

    private static string Store(ShopWorld world) => Path.Combine(world.Directory.Path, "repository");
}

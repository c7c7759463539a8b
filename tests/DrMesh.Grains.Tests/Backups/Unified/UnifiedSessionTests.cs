using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Backups.Unified;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Restores.Unified;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Backups.Unified;
using DrMesh.Engines.PostgreSql.Hosting;
using DrMesh.TestKit;
using DrMesh.TestKit.Crash;

namespace DrMesh.Grains.Tests.Backups.Unified;

/// <summary>Applications backed up at one point and restored to it, while many threads write to all three systems.</summary>
public sealed class UnifiedSessionTests(ITestOutputHelper output)
{
    private const int Threads = 6;
    private static readonly StartUnifiedBackup Request = new() { Application = "shop" };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // Each backup is restored whole, with a server of its own. Who asks for more of them asks for the proof: they are written under full speed; every day hundreds of orders a second show the same.
    private static int? Asked => int.TryParse(Environment.GetEnvironmentVariable("DRMESH_PROOF_BACKUPS"), out var asked) ? asked : null;

    private static int Backups => Asked ?? 3;

    private static TimeSpan Pause => Asked is null ? TimeSpan.FromMilliseconds(10) : TimeSpan.Zero;

    [Theory]
    [InlineData(ConsistencyMode.Fence)]
    [InlineData(ConsistencyMode.Marker)]
    public async Task Restore_BackupsTakenUnderFullWriting_ReferencesHoldAcrossAllSystems(ConsistencyMode mode)
    {
        await using var world = await ShopWorld.StartAsync(mode, inMemory: true);
        await using var kit = await CrashKit.StartAsync<UnifiedBackupPlan>(world.Wire);
        var backups = new List<UnifiedBackupEntry>();
        Dictionary<long, WrittenOrder> written;
        await using (var writer = new OrderWriter(world, Threads, Pause))
        {
            for (var number = 1; number <= Backups; number++)
            {
                var before = writer.Written.Count;
                await Eventually.HoldsAsync(() => Task.FromResult(writer.Written.Count > before + 20), TimeSpan.FromSeconds(60), () => "nobody writes", Cancellation);
                var session = new SessionId($"unified-{number}");
                var ended = await kit.RunAsync(session, (grains, id) => grains.GetGrain<IUnifiedBackupSessionGrain>(id.Value).Start(Request));
                ended.Status.ShouldBe(SessionStatus.Succeeded, ended.Outcome);
                world.Hooks.IsOpen.ShouldBeTrue("the application was to write again");
                var entry = (await kit.Grains.GetGrain<IApplicationBackupsGrain>("shop").Find(new BackupId(session.Value), Cancellation)).ShouldNotBeNull();
                output.WriteLine($"{entry.Id}: held {entry.Held.TotalMilliseconds:0} ms, window {entry.Window.TotalMilliseconds:0} ms, files read within {entry.FilesReadWithin.TotalMilliseconds:0} ms");
                backups.Add(entry);
            }

            written = new Dictionary<long, WrittenOrder>(writer.Written);
        }

        // Each restored application is removed beside the next restore: together they are many times what is backed up.
        var removing = Task.CompletedTask;
        try
        {
            foreach (var backup in backups)
            {
                var directory = Path.Combine(world.Directory.Path, $"restored-{backup.Id}");
                await CheckAsync(kit, world, backup, directory, written);
                await removing;
                removing = Task.Run(() => Directory.Delete(directory, recursive: true), Cancellation);
            }
        }
        finally
        {
            await removing;
        }
    }

    [Fact]
    public async Task Rebuild_RowsLost_ListIsAsBefore()
    {
        await using var world = await ShopWorld.StartAsync(ConsistencyMode.Marker);
        await using var kit = await CrashKit.StartAsync<UnifiedBackupPlan>(world.Wire);
        var request = Request with { Labels = Request.Labels.Add("release", "42") };
        await kit.RunAsync(new SessionId("unified-1"), (grains, id) => grains.GetGrain<IUnifiedBackupSessionGrain>(id.Value).Start(Request));
        await kit.RunAsync(new SessionId("unified-2"), (grains, id) => grains.GetGrain<IUnifiedBackupSessionGrain>(id.Value).Start(request));
        var before = await ListAsync();
        before.Select(row => row.Split(' ')[0]).Order().ShouldBe(
        [
            "unified-1", "unified-1.files.uploads.1", "unified-1.mongodb.carts", "unified-1.postgresql.orders",
            "unified-2", "unified-2.files.uploads.1", "unified-2.mongodb.carts", "unified-2.postgresql.orders",
        ]);
        (await ListAsync("42")).Count.ShouldBe(4);
        await world.Catalogue.ForgetAsync("shop", [new BackupId("unified-1"), new BackupId("unified-2")], Cancellation);
        await world.Catalogue.ForgetAsync("uploads", [new BackupId("unified-1.files.uploads.1")], Cancellation);
        (await ListAsync()).Count.ShouldBe(5);

        var catalogue = kit.Grains.GetGrain<ICatalogueGrain>(0);
        var rebuilt = await catalogue.Rebuild(Cancellation);
        await Eventually.HoldsAsync(
            async () => !(rebuilt = (await catalogue.Rebuilding(Cancellation))!).IsRunning, TimeSpan.FromSeconds(60), () => $"{rebuilt}", Cancellation);

        rebuilt.Failure.ShouldBeNull();
        (rebuilt.Added, rebuilt.Removed, rebuilt.Unread.Length).ShouldBe((3, 0, 0));
        (await ListAsync()).ShouldBe(before);

        // Rows are not believed to be gone because their repository is.
        Directory.Move(Path.Combine(world.Directory.Path, "repository"), Path.Combine(world.Directory.Path, "away"));
        await catalogue.Rebuild(Cancellation);
        await Eventually.HoldsAsync(
            async () => !(rebuilt = (await catalogue.Rebuilding(Cancellation))!).IsRunning, TimeSpan.FromSeconds(60), () => $"{rebuilt}", Cancellation);
        rebuilt.Unread.ShouldHaveSingleItem().ShouldStartWith("hot: ");
        (await ListAsync()).ShouldBe(before);

        async Task<List<string>> ListAsync(string? release = null)
        {
            var filter = new BackupFilter { Labels = release is null ? Request.Labels : Request.Labels.Add("release", release) };
            var rows = (await kit.Grains.GetGrain<IApplicationBackupsGrain>("shop").List(filter, Cancellation)).Select(row => $"{row.Id} {row.Point} {row.CompletedAt:O}").ToList();
            foreach (var source in new[] { "orders", "carts", "uploads" })
            {
                rows.AddRange((await kit.Grains.GetGrain<IBackupCatalogueGrain>(source).List(filter, Cancellation)).Select(row => $"{row.Id} {row.LogicalBytes} {string.Join(',', row.Tiers)}"));
            }

            return rows;
        }
    }

    [Fact]
    public async Task Delete_PartOfAUnifiedBackup_IsRefusedAndTheWholeGoesWithItsParts()
    {
        await using var world = await ShopWorld.StartAsync(ConsistencyMode.Marker);
        await using var kit = await CrashKit.StartAsync<UnifiedBackupPlan>(world.Wire);
        await kit.RunAsync(new SessionId("unified-1"), (grains, id) => grains.GetGrain<IUnifiedBackupSessionGrain>(id.Value).Start(Request));
        var whole = kit.Grains.GetGrain<IApplicationBackupsGrain>("shop");
        var orders = kit.Grains.GetGrain<IBackupCatalogueGrain>("orders");
        var request = new DeleteBackup { Id = new BackupId("unified-1"), Reason = "a test" };
        (await whole.Delete(request, Cancellation)).Reason.ShouldNotBeNull().ShouldContain("is the only backup of");
        await kit.RunAsync(new SessionId("unified-2"), (grains, id) => grains.GetGrain<IUnifiedBackupSessionGrain>(id.Value).Start(Request));

        var part = await orders.Delete(request with { Id = new BackupId("unified-1.postgresql.orders") }, Cancellation);

        part.IsRemoved.ShouldBeFalse();
        part.Reason.ShouldBe("it is a part of unified backup unified-1 of shop; drmesh backup delete --app shop unified-1 removes both");
        (await whole.Delete(request, Cancellation)).ShouldBe(new DeleteBackupResult { IsRemoved = true });
        (await whole.List(new BackupFilter(), Cancellation)).ShouldHaveSingleItem().Id.Value.ShouldBe("unified-2");
        (await whole.Find(request.Id, Cancellation)).ShouldBeNull();
        (await orders.List(new BackupFilter(), Cancellation)).ShouldHaveSingleItem().Id.Value.ShouldBe("unified-2.postgresql.orders");
        (await whole.Delete(request, Cancellation)).IsRemoved.ShouldBeTrue("it is safe to repeat");

        var mistyped = world.Restore(Path.Combine(world.Directory.Path, "nowhere"), LoopbackPort.Next()) with { Backup = new BackupId("unifed-2") };
        var plan = await kit.Grains.GetGrain<IApplicationRestorePlannerGrain>("shop").Plan(mistyped, Cancellation);
        (plan.Refusal, plan.Hint).ShouldBe(("no tier has a unified backup unifed-2 of shop", "did you mean unified-2?"));
    }

    private async Task CheckAsync(CrashKit kit, ShopWorld world, UnifiedBackupEntry backup, string directory, Dictionary<long, WrittenOrder> written)
    {
        Directory.CreateDirectory(directory);
        var port = LoopbackPort.Next();
        // One backup after the other into the same set.
        var request = world.Restore(directory, port) with { Backup = backup.Id, Overwrites = true };
        try
        {
            var ended = await kit.RunAsync(
                new SessionId($"apprestore-{backup.Id.Value.Split('-')[1]}"), (grains, id) => grains.GetGrain<IUnifiedRestoreSessionGrain>(id.Value).Start(request));
            ended.Status.ShouldBe(SessionStatus.Succeeded, ended.Outcome);
            var postgres = $"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres;Pooling=false";
            var tree = Path.Combine(directory, "tree");
            var (orders, dangling) = await ReferenceChecker.CheckAsync(postgres, world.Target.ConnectionString, tree, Cancellation);
            output.WriteLine($"{backup.Id}: {orders} orders, {dangling.Count} dangling{(dangling.Count == 0 ? "" : $", {dangling[0]} to {dangling[^1]}")}");
            orders.ShouldBeGreaterThan(0);
            if (backup.Mode == ConsistencyMode.Fence)
            {
                dangling.ShouldBeEmpty();
            }
            else
            {
                // Whatever was done before the first marker is in all three.
                dangling.Where(id => written.TryGetValue(id, out var order) && order.Done < backup.TakenAt).ShouldBeEmpty();
            }

            File.Delete(Path.Combine(tree, Directory.EnumerateFiles(tree).Select(Path.GetFileName).First(name => long.TryParse(name, out var id) && !dangling.Contains(id))!));
            (await ReferenceChecker.CheckAsync(postgres, world.Target.ConnectionString, tree, Cancellation)).Dangling.Count.ShouldBe(dangling.Count + 1, "a planted one is found");
        }
        finally
        {
            await new PostgresInstance(PostgresInstall.Find(), Path.Combine(directory, "data")).StopAsync(ShutdownMode.Immediate, TimeSpan.FromSeconds(30), CancellationToken.None);
        }
    }
}

using DrMesh.Contracts.Backups.Unified;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Restores;
using DrMesh.Contracts.Restores.Unified;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Backups.MongoDb;
using DrMesh.Core.Restores.Unified;
using DrMesh.Engines.PostgreSql.Hosting;
using DrMesh.TestKit;
using DrMesh.TestKit.Crash;
using MongoDB.Bson;
using MongoDB.Driver;
using Npgsql;

namespace DrMesh.Grains.Tests.Backups.Unified;

/// <summary>An application restored to just before one transaction, and what is refused on the way there.</summary>
public sealed class UnifiedPitrTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Restore_JustBeforeATransaction_HasAllThatWasCommittedBeforeItAndNothingOfItOrLater()
    {
        await using var world = await ShopWorld.StartAsync(ConsistencyMode.Marker);
        await using var kit = await CrashKit.StartAsync<UnifiedRestorePlan>(world.Wire);
        await BackUpAsync(kit);
        await world.Server.ExecuteAsync("insert into orders select i, 'before', i from generate_series(1, 100) i");
        await CartAsync(world, "before");
        var (dropped, rolledBack) = await DamageAsync(world);
        await world.Server.ExecuteAsync("insert into orders select i, 'after', i from generate_series(201, 300) i");
        await CartAsync(world, "after");
        await ArchivedAsync(kit, world);
        var port = LoopbackPort.Next();
        var directory = Path.Combine(world.Directory.Path, "restored");
        Directory.CreateDirectory(directory);
        var whole = world.Restore(directory, port);
        var request = whole with { Before = new TransactionTarget { Cluster = new ClusterId("orders"), Transaction = dropped } };

        var planner = kit.Grains.GetGrain<IApplicationRestorePlannerGrain>("shop");
        var plan = await planner.Plan(request, Cancellation);
        plan.Refusal.ShouldBeNull();
        plan.Parts[0].Stop.ShouldStartWith($"exactly before transaction {dropped}");
        plan.Parts[1].Stop.ShouldStartWith("by its primary's clock at ");
        plan.Parts[2].Stop.ShouldBe("at the backup's point: a tree has no log");
        plan.Parts.Select(part => part.IsExact).ShouldBe([true, false, false]);
        plan.Rollback[0].Text.ShouldContain("stop the restored server of orders");
        (await planner.Plan(request with { Before = request.Before! with { Transaction = rolledBack } }, Cancellation)).Refusal.ShouldNotBeNull().ShouldContain("was rolled back");
        (await planner.Plan(request with { Before = request.Before! with { Transaction = 4_000_000 } }, Cancellation)).Refusal.ShouldNotBeNull().ShouldContain("holds no end of transaction 4000000");
        (await planner.Plan(whole with { Until = TimeProvider.System.GetUtcNow().AddDays(1) }, Cancellation)).Refusal.ShouldNotBeNull().ShouldContain("PostgreSql/orders cannot be restored there");
        (await planner.Plan(whole with { Parts = [whole.Parts[1]], Until = TimeProvider.System.GetUtcNow().AddDays(1) }, Cancellation)).Refusal.ShouldNotBeNull()
            .ShouldMatch("^MongoDb/carts cannot be restored there: .*; the nearest windows are 20");
        await WindowsOfTheSetAsync(kit);

        try
        {
            var ended = await kit.RunAsync(new SessionId("apprestore-1"), (grains, id) => grains.GetGrain<IUnifiedRestoreSessionGrain>(id.Value).Start(request));
            ended.Status.ShouldBe(SessionStatus.Succeeded, ended.Outcome);
            (await CountAsync(port)).ShouldBe("100 before");
            using (var client = new MongoClient(world.Target.ConnectionString))
            {
                var carts = await client.GetDatabase("shop").GetCollection<BsonDocument>("carts").Find(new BsonDocument()).ToListAsync(Cancellation);
                carts.ShouldHaveSingleItem()["_id"].AsString.ShouldBe("before");
            }

            // The place is taken now: the same again is refused, and nothing is written.
            var again = await kit.RunAsync(new SessionId("apprestore-2"), (grains, id) => grains.GetGrain<IUnifiedRestoreSessionGrain>(id.Value).Start(request with { Parts = [request.Parts[2]] }));
            again.Status.ShouldBe(SessionStatus.Failed);
            again.Outcome.ShouldNotBeNull().ShouldContain("tree is not empty: .drmesh-consistency-point");
            var taken = await kit.RunAsync(new SessionId("apprestore-3"), (grains, id) => grains.GetGrain<IUnifiedRestoreSessionGrain>(id.Value).Start(request with { Parts = [request.Parts[1]] }));
            taken.Outcome.ShouldNotBeNull().ShouldStartWith("MongoDb/carts: replica set copy is not empty: drmesh.consistency_point, shop.carts; ");
            taken.Outcome.ShouldEndWith("; nothing was written");
            var over = await kit.RunAsync(
                new SessionId("apprestore-4"), (grains, id) => grains.GetGrain<IUnifiedRestoreSessionGrain>(id.Value).Start(request with { Parts = [request.Parts[1]], Overwrites = true }));
            over.Status.ShouldBe(SessionStatus.Succeeded, over.Outcome);
            (await planner.Plan(request, Cancellation)).Parts[2].Estimate.ShouldNotBeNull("an earlier restore tells how fast trees are");
        }
        finally
        {
            await new PostgresInstance(PostgresInstall.Find(), Path.Combine(directory, "data")).StopAsync(ShutdownMode.Immediate, TimeSpan.FromSeconds(30), CancellationToken.None);
        }
    }

    // What one set alone can be restored to.
    private static async Task WindowsOfTheSetAsync(CrashKit kit)
    {
        var carts = kit.Grains.GetGrain<IRestorePlannerGrain>("carts");
        var window = (await carts.Windows(Cancellation)).ShouldHaveSingleItem();
        window.EndsAt.ShouldBe("head");
        window.From.ShouldBeLessThan(window.To);
        var inside = await carts.Plan(RecoveryTarget.At(window.To), Cancellation);
        inside.Refusal.ShouldBeNull();
        (inside.Backup, inside.LogFrom).ShouldBe((window.Backup, window.FromPosition));
        var outside = await carts.Plan(RecoveryTarget.At(window.To.AddDays(1)), Cancellation);
        outside.Refusal.ShouldNotBeNull().ShouldContain("lies outside every recovery window");
        outside.NearestBefore.ShouldNotBeNull();
        var refused = await kit.Grains.GetGrain<IRestoreSessionGrain>("restore-1").Start(
            new StartRestore { Cluster = new ClusterId("carts"), Target = RecoveryTarget.Latest, Node = FixedEstate.Node, Directory = "/nowhere", Port = 1 }, Cancellation);
        refused.Reason.ShouldNotBeNull().ShouldContain("is restored into another set as a part of its application");
    }

    private static async Task BackUpAsync(CrashKit kit)
    {
        var ended = await kit.RunAsync(new SessionId("unified-1"), (grains, id) => grains.GetGrain<IUnifiedBackupSessionGrain>(id.Value).Start(new StartUnifiedBackup { Application = "shop" }));
        ended.Status.ShouldBe(SessionStatus.Succeeded, ended.Outcome);
    }

    // One transaction that deletes everything, and one that is rolled back.
    private static async Task<(ulong Dropped, ulong RolledBack)> DamageAsync(ShopWorld world)
    {
        await using var connection = new NpgsqlConnection(world.Server.ConnectionString);
        await connection.OpenAsync(Cancellation);
        var ids = new List<ulong>();
        foreach (var end in new[] { "rollback", "commit" })
        {
            await using var transaction = await connection.BeginTransactionAsync(Cancellation);
            await using var delete = new NpgsqlCommand("delete from orders; select pg_current_xact_id()::text::bigint", connection, transaction);
            ids.Add((ulong)(long)(await delete.ExecuteScalarAsync(Cancellation))!);
            await (end == "commit" ? transaction.CommitAsync(Cancellation) : transaction.RollbackAsync(Cancellation));
        }

        return (ids[1], ids[0]);
    }

    private static async Task CartAsync(ShopWorld world, string id)
    {
        using var client = new MongoClient(world.Set.ConnectionString);
        await client.GetDatabase("shop").GetCollection<BsonDocument>("carts").WithWriteConcern(WriteConcern.WMajority).InsertOneAsync(new BsonDocument("_id", id), cancellationToken: Cancellation);
        // The clocks of two servers on one machine are one; a millisecond is what MongoDB's counts.
        var written = TimeProvider.System.GetUtcNow();
        await Eventually.HoldsAsync(() => Task.FromResult(TimeProvider.System.GetUtcNow() > written.AddMilliseconds(2)), TimeSpan.FromSeconds(10), () => "the clock stands", Cancellation);
    }

    private static async Task ArchivedAsync(CrashKit kit, ShopWorld world)
    {
        var end = Lsn.Parse((await world.Server.ScalarAsync<string>("select pg_current_wal_flush_lsn()::text"))!);
        var archive = kit.Grains.GetGrain<Contracts.Backups.IArchiveGrain>("orders");
        await Eventually.HoldsAsync(
            async () => (await archive.Status(Cancellation)).Tiers.Any(tier => Lsn.Parse(tier.Position) >= end), TimeSpan.FromSeconds(60), () => $"the archive has not reached {end}", Cancellation);
        // That a set did nothing in a second is known by what it did in a later one.
        var second = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var oplog = kit.Grains.GetGrain<Contracts.Backups.IArchiveGrain>("carts");
        Contracts.Backups.ArchiveStatus? status = null;
        var number = 0;
        await Eventually.HoldsAsync(
            async () =>
            {
                await CartAsync(world, $"later {number++}");
                status = await oplog.Status(Cancellation);
                return status.Tiers.Any(tier => OpTime.TryParse(tier.Position, out var position) && position.Seconds > second);
            },
            TimeSpan.FromSeconds(60), () => $"the oplog's archive has not passed second {second}: {status}", Cancellation);
        status!.IsStreaming.ShouldBeTrue();
        status.Gaps.ShouldBeEmpty();
    }

    private static async Task<string> CountAsync(int port)
    {
        await using var connection = new NpgsqlConnection($"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres;Pooling=false");
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand("select string_agg(count || ' ' || file, ', ' order by file) from (select count(*), file from orders group by file) g", connection);
        return (string)(await command.ExecuteScalarAsync(Cancellation))!;
    }
}

using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups.MongoDb;
using MongoDB.Bson;
using MongoDB.Driver;

namespace DrMesh.Engines.MongoDb.Tests;

/// <summary>Data read while somebody writes, and the oplog over it, give one state.</summary>
public sealed class ReplayTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Backup_WhileEverythingIsWritten_RestoresTheStateAtItsPosition()
    {
        await using var bench = await MongoBench.CreateAsync();
        await bench.Collection("c").InsertManyAsync(Enumerable.Range(0, 3000).Select(n => new BsonDocument { { "_id", n }, { "n", 0 } }), cancellationToken: Stop);
        using var stop = new CancellationTokenSource();
        var writer = WriteAsync(bench, stop.Token);

        var position = await bench.BackupAsync();
        await stop.CancelAsync();
        await writer;

        var report = await bench.RestoreAsync();
        report.Reached.ShouldBe(position);
        report.Replayed.ShouldBeGreaterThan(0, "the writer has to write during the backup, or the test shows nothing");
        (await bench.TargetAsync("shop", "late")).ShouldBe(await bench.SourceAsOfAsync(position, "shop", "late"));
    }

    [Fact]
    public async Task Restore_ToAnyOperationOfTheArchive_GivesTheStateThen()
    {
        await using var bench = await MongoBench.CreateAsync();
        await bench.Collection("c").InsertManyAsync(Enumerable.Range(0, 50).Select(n => new BsonDocument { { "_id", n }, { "n", 0 } }), cancellationToken: Stop);
        var archive = await bench.StartArchiveAsync();
        var start = await bench.BackupAsync();
        await WriteSomeAsync(bench, 200, Stop);
        await bench.EndArchiveAsync(archive);
        var positions = bench.Source.Primary!.Oplog.Select(entry => BsonOpTime.Of(entry)).Where(at => at > start && at <= bench.ArchiveTarget).ToList();

        foreach (var until in new[] { positions[0], positions[positions.Count / 3], positions[2 * positions.Count / 3], positions[^1] })
        {
            var report = await bench.RestoreAsync(until, drop: true);

            report.Reached.ShouldBe(until);
            (await bench.TargetAsync("shop", "late")).ShouldBe(await bench.SourceAsOfAsync(until, "shop", "late"), $"restored to {until}");
        }
    }

    [Fact]
    public async Task Restore_ToAMomentWithinASecond_StopsAtTheFirstOperationAfterIt()
    {
        await using var bench = await MongoBench.CreateAsync();
        await bench.Collection("c").InsertOneAsync(new BsonDocument("_id", -1), cancellationToken: Stop);
        var archive = await bench.StartArchiveAsync();
        var start = await bench.BackupAsync();
        var walls = new HashSet<DateTime>();
        // Until one second holds operations of several milliseconds, and the archive goes on beyond that second.
        for (var n = 0; walls.GroupBy(wall => wall.Ticks / TimeSpan.TicksPerSecond).Count(second => second.Count() > 2) < 2; n++)
        {
            await bench.Collection("c").InsertOneAsync(new BsonDocument("_id", n), cancellationToken: Stop);
            walls.Add(bench.Source.Primary!.Oplog[^1]["wall"].ToUniversalTime());
        }

        await bench.EndArchiveAsync(archive);
        var moment = walls.GroupBy(wall => wall.Ticks / TimeSpan.TicksPerSecond).First(second => second.Count() > 2).Order().ElementAt(1);
        var expected = bench.Source.Primary!.Oplog.Select(entry => (At: BsonOpTime.Of(entry), Wall: entry["wall"].ToUniversalTime())).Where(entry => entry.At > start && entry.Wall <= moment).Max(entry => entry.At);

        var report = await bench.Engine.RestoreAsync(bench.Repository, new MongoRestoreRequest
        {
            Backup = new("b1"), Target = new MongoAddress(bench.Target.ConnectionString), UntilTime = new DateTimeOffset(moment, TimeSpan.Zero),
        }, cancellationToken: Stop);

        report.Reached.ShouldBe(expected);
        (await bench.TargetAsync("shop")).ShouldBe(await bench.SourceAsOfAsync(expected, "shop"));
    }

    [Fact]
    public async Task Restore_BeyondTheArchive_WritesNothing()
    {
        await using var bench = await MongoBench.CreateAsync();
        await bench.Collection("c").InsertOneAsync(new BsonDocument("_id", 1), cancellationToken: Stop);
        var position = await bench.BackupAsync();

        var error = await Should.ThrowAsync<DrMeshException>(() => bench.RestoreAsync(position with { Seconds = position.Seconds + 60 }));

        error.Code.ShouldBe(DrMeshError.MongoOplogMissing);
        (await bench.TargetAsync("shop")).ShouldBeEmpty();
        (await Should.ThrowAsync<DrMeshException>(() => bench.RestoreAsync(position with { Seconds = position.Seconds - 1 }))).Code.ShouldBe(DrMeshError.MongoOplogMissing);
    }

    [Fact]
    public async Task Transactions_AreWholeOrNotAtAll_AtEveryTarget()
    {
        await using var bench = await MongoBench.CreateAsync();
        bench.Source.TransactionOperationsPerEntry = 2;
        var accounts = bench.Collection("accounts");
        await accounts.InsertManyAsync(Enumerable.Range(0, 4).Select(n => new BsonDocument { { "_id", n }, { "money", 100 } }), cancellationToken: Stop);
        var archive = await bench.StartArchiveAsync();
        var start = await bench.BackupAsync();
        for (var i = 0; i < 6; i++)
        {
            await TransferAsync(bench, accounts, i % 2 == 0);
        }

        await bench.EndArchiveAsync(archive);
        var positions = bench.Source.Primary!.Oplog.Select(entry => BsonOpTime.Of(entry)).Where(at => at > start && at <= bench.ArchiveTarget);

        foreach (var until in positions.Where((_, index) => index % 3 == 1))
        {
            await bench.RestoreAsync(until, drop: true);
            var rows = await bench.TargetClient.GetDatabase("shop").GetCollection<BsonDocument>("accounts").Find(new BsonDocument()).ToListAsync(Stop);
            rows.Sum(row => row["money"].ToInt32()).ShouldBe(400, $"restored to {until}");
            (await bench.TargetAsync("shop")).ShouldBe(await bench.SourceAsOfAsync(until, "shop"), $"restored to {until}");
        }
    }

    [Fact]
    public async Task TransactionPreparedBeforeTheBackup_CommittedDuringIt_IsInIt()
    {
        await using var bench = await MongoBench.CreateAsync();
        var accounts = bench.Collection("accounts");
        await accounts.InsertManyAsync(Enumerable.Range(0, 4).Select(n => new BsonDocument { { "_id", n }, { "money", 100 } }), cancellationToken: Stop);
        using var session = await bench.Client.StartSessionAsync(cancellationToken: Stop);
        session.StartTransaction();
        await accounts.UpdateOneAsync(session, new BsonDocument("_id", 0), new BsonDocument("$inc", new BsonDocument("money", -30)), cancellationToken: Stop);
        await accounts.UpdateOneAsync(session, new BsonDocument("_id", 1), new BsonDocument("$inc", new BsonDocument("money", 30)), cancellationToken: Stop);
        await bench.Client.GetDatabase("admin").RunCommandAsync<BsonDocument>(session, new BsonDocument("prepareTransaction", 1), cancellationToken: Stop);
        await accounts.InsertOneAsync(new BsonDocument { { "_id", "between" }, { "money", 0 } }, cancellationToken: Stop);
        var archive = await bench.StartArchiveAsync();
        var prepared = await bench.BackupAsync();
        await session.CommitTransactionAsync(Stop);
        var decided = await bench.BackupAsync("b2");
        await bench.EndArchiveAsync(archive, decided);

        await bench.RestoreAsync();
        (await bench.TargetAsync("shop")).ShouldBe(await bench.SourceAsOfAsync(prepared, "shop"), "not decided at the backup's position");
        await bench.RestoreAsync(decided, drop: true);
        (await bench.TargetAsync("shop")).ShouldBe(await bench.SourceAsOfAsync(decided, "shop"), "decided in the archive, its operations before the backup");
        await bench.RestoreAsync(drop: true, id: "b2");
        (await bench.TargetAsync("shop")).ShouldBe(await bench.SourceAsOfAsync(decided, "shop"));
    }

    private static async Task TransferAsync(MongoBench bench, IMongoCollection<BsonDocument> accounts, bool commits)
    {
        using var session = await bench.Client.StartSessionAsync(cancellationToken: Stop);
        session.StartTransaction();
        foreach (var (account, money) in new[] { (0, -10), (1, 5), (2, 3), (3, 2) })
        {
            await accounts.UpdateOneAsync(session, new BsonDocument("_id", account), new BsonDocument("$inc", new BsonDocument("money", money)), cancellationToken: Stop);
        }

        await (commits ? session.CommitTransactionAsync(Stop) : session.AbortTransactionAsync(Stop));
    }

    private static async Task WriteAsync(MongoBench bench, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await WriteSomeAsync(bench, 20, stop);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    // Every kind of write: inserts, deltas, replacements, deletes, new and dropped collections and databases, indexes, nested and array fields.
    private static async Task WriteSomeAsync(MongoBench bench, int count, CancellationToken stop)
    {
        var random = new Random(count);
        var collection = bench.Collection("c");
        for (var i = 0; i < count; i++)
        {
            var id = new BsonDocument("_id", random.Next(3200));
            switch (random.Next(8))
            {
                case 0:
                    await collection.ReplaceOneAsync(id, new BsonDocument { { "r", i }, { "inner", new BsonDocument { { "a", 1 }, { "b", new BsonArray { 1, 2 } } } } }, new ReplaceOptions { IsUpsert = true }, stop);
                    break;
                case 1:
                    await collection.DeleteOneAsync(id, stop);
                    break;
                case 2:
                    await collection.UpdateOneAsync(id, new BsonDocument("$set", new BsonDocument { { "inner.a", i }, { "inner.c", i } }), new UpdateOptions { IsUpsert = true }, stop);
                    break;
                case 3:
                    await collection.UpdateOneAsync(id, new BsonDocument { { "$unset", new BsonDocument("n", "") }, { "$push", new BsonDocument("list", i) } }, cancellationToken: stop);
                    break;
                case 4:
                    await bench.Collection($"t{random.Next(3)}", "late").InsertOneAsync(new BsonDocument("at", i), cancellationToken: stop);
                    break;
                case 5 when random.Next(4) == 0:
                    await bench.Client.GetDatabase("late").DropCollectionAsync($"t{random.Next(3)}", stop);
                    break;
                case 6 when random.Next(4) == 0:
                    await collection.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>(new BsonDocument($"f{random.Next(5)}", 1)), cancellationToken: stop);
                    break;
                default:
                    await collection.UpdateOneAsync(id, new BsonDocument("$inc", new BsonDocument("n", 1)), new UpdateOptions { IsUpsert = true }, stop);
                    break;
            }
        }
    }
}

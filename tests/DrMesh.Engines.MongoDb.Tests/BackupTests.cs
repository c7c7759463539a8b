using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.MongoDb;
using MongoDB.Bson;
using MongoDB.Driver;

namespace DrMesh.Engines.MongoDb.Tests;

public sealed class BackupTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Backup_OfEveryKind_RestoresTheSame()
    {
        await using var bench = await MongoBench.CreateAsync();
        var shop = bench.Client.GetDatabase("shop");
        await bench.Collection("orders.2026.q1").InsertManyAsync(
            Enumerable.Range(0, 3000).Select(n => new BsonDocument { { "_id", n }, { "total", Decimal128.Parse("1.50") }, { "pad", new string('x', n % 700) } }), cancellationToken: Stop);
        await bench.Collection("orders.2026.q1").Indexes.CreateOneAsync(
            new CreateIndexModel<BsonDocument>(new BsonDocument("total", -1), new CreateIndexOptions { Name = "by total" }), cancellationToken: Stop);
        await bench.Collection("odd/ name").InsertOneAsync(new BsonDocument { { "_id", "x" }, { "big", new string('y', 6_000_000) } }, cancellationToken: Stop);
        await shop.CreateCollectionAsync("log", new CreateCollectionOptions { Capped = true, MaxSize = 100_000, MaxDocuments = 10 }, Stop);
        await shop.CreateCollectionAsync("empty", null, Stop);
        await shop.RunCommandAsync<BsonDocument>(new BsonDocument { { "create", "recent" }, { "viewOn", "log" }, { "pipeline", new BsonArray() } }, cancellationToken: Stop);
        await shop.RunCommandAsync<BsonDocument>(new BsonDocument { { "create", "series" }, { "timeseries", new BsonDocument("timeField", "at") } }, cancellationToken: Stop);
        await bench.Collection("system.buckets.series").InsertOneAsync(new BsonDocument { { "_id", 1 }, { "data", new BsonDocument("at", new BsonDocument()) } }, cancellationToken: Stop);
        await bench.Collection("system.users", "admin").InsertOneAsync(new BsonDocument { { "_id", "admin.eve" }, { "user", "eve" } }, cancellationToken: Stop);

        var position = await bench.BackupAsync();
        var report = await bench.RestoreAsync();

        report.Reached.ShouldBe(position);
        report.Warnings.ShouldBeEmpty();
        (await bench.TargetAsync("shop")).ShouldBe(await bench.SourceAsOfAsync(position, "shop"));
        (await CatalogueAsync(bench.TargetClient)).ShouldBe(await CatalogueAsync(bench.Client));
        (await bench.TargetClient.GetDatabase("admin").GetCollection<BsonDocument>("system.users").Find(new BsonDocument()).SingleAsync(Stop))["user"].AsString.ShouldBe("eve");
    }

    [Fact]
    public async Task Backup_LiesAsADumpDirectoryLies()
    {
        await using var bench = await MongoBench.CreateAsync();
        await bench.Collection("a.b").InsertOneAsync(new BsonDocument("_id", 1), cancellationToken: Stop);
        await bench.Collection("odd/name").InsertOneAsync(new BsonDocument("_id", 1), cancellationToken: Stop);
        await bench.BackupAsync();
        var target = Path.Combine(bench.Directory, "dump");

        await using (var reader = await bench.Repository.OpenAsync(new("b1"), Stop))
        {
            await reader.RestoreAsync(new RestoreRequest { TargetDirectory = target }, cancellationToken: Stop);
        }

        Directory.EnumerateFiles(target, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(target, path)).Order(StringComparer.Ordinal)
            .ShouldBe(["oplog.bson", "shop/a.b.bson", "shop/a.b.metadata.json", "shop/odd%2Fname.bson", "shop/odd%2Fname.metadata.json"]);
        RawBson.Split(await File.ReadAllBytesAsync(Path.Combine(target, "shop/a.b.bson"), Stop)).ShouldHaveSingleItem();
        var metadata = BsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(target, "shop/a.b.metadata.json"), Stop));
        metadata["collectionName"].AsString.ShouldBe("a.b");
        metadata["indexes"][0]["key"].ShouldBe(new BsonDocument("_id", 1));
        metadata["uuid"].AsString.Length.ShouldBe(32);
    }

    [Fact]
    public async Task Backup_AfterAFewMoreDocuments_ReusesWhatIsStored()
    {
        await using var bench = await MongoBench.CreateAsync();
        var random = new Random(7);
        await bench.Collection("c").InsertManyAsync(Enumerable.Range(0, 12_000).Select(n => new BsonDocument { { "_id", n }, { "r", new BsonBinaryData(Bytes(random, 900)) } }), cancellationToken: Stop);
        await bench.BackupAsync();
        await bench.Collection("c").DeleteManyAsync(new BsonDocument("_id", new BsonDocument("$lt", 5)), Stop);

        await bench.BackupAsync("b2");

        var first = await bench.Repository.FindAsync(new("b1"), Stop);
        var second = await bench.Repository.FindAsync(new("b2"), Stop);
        second!.StoredBytes.ShouldBeLessThan(first!.StoredBytes / 3, "the documents after the removed ones are found again by their content");
    }

    [Fact]
    public async Task Backup_IsReadFromASecondary_ThePrimaryOnlyAsLastResort()
    {
        await using var bench = await MongoBench.CreateAsync();
        bench.Source.Members[2].Priority = 0.5;
        await bench.Collection("c").InsertOneAsync(new BsonDocument("_id", 1), cancellationToken: Stop);

        await bench.BackupAsync();
        bench.Source.Kill(bench.Source.Members[2]);
        await bench.BackupAsync("b2");

        (await bench.Repository.FindAsync(new("b1"), Stop))!.Facts[MongoFacts.Member].ShouldBe(bench.Source.Members[2].Host);
        (await bench.Repository.FindAsync(new("b2"), Stop))!.Facts[MongoFacts.Member].ShouldBe(bench.Source.Members.Single(member => member.Id != 2 && member != bench.Source.Primary).Host);
    }

    [Fact]
    public async Task Backup_OfASetThatIsDown_IsOneClearError()
    {
        await using var bench = await MongoBench.CreateAsync();
        foreach (var member in bench.Source.Members)
        {
            bench.Source.Kill(member);
        }

        var error = await Should.ThrowAsync<DrMeshException>(() => bench.BackupAsync());

        error.Code.ShouldBe(DrMeshError.MongoUnreachable);
        (await bench.Repository.FindAsync(new("b1"), Stop)).ShouldBeNull();
    }

    [Fact]
    public async Task Restore_OverWhatIsThere_IsRefusedUnlessToldToDrop()
    {
        await using var bench = await MongoBench.CreateAsync();
        await bench.Collection("c").InsertOneAsync(new BsonDocument("_id", 1), cancellationToken: Stop);
        var position = await bench.BackupAsync();
        await bench.TargetClient.GetDatabase("shop").GetCollection<BsonDocument>("c").InsertOneAsync(new BsonDocument("_id", 2), cancellationToken: Stop);

        (await bench.Engine.FindCollectionsAsync(new MongoAddress(bench.Target.ConnectionString), null, Stop)).ShouldBe(["shop.c"]);
        var refusal = await Should.ThrowAsync<DrMeshException>(() => bench.RestoreAsync());
        refusal.Code.ShouldBe(DrMeshError.MongoTargetNotEmpty);
        refusal.Message.ShouldBe("the target has collections of the backup's names: shop.c");
        (await bench.TargetAsync("shop")).ShouldContain("2", customMessage: "nothing was written");
        await bench.RestoreAsync(drop: true);

        (await bench.TargetAsync("shop")).ShouldBe(await bench.SourceAsOfAsync(position, "shop"));
    }

    [Fact]
    public async Task Restore_OneDatabase_LeavesTheOthersAlone()
    {
        await using var bench = await MongoBench.CreateAsync();
        await bench.Collection("c").InsertOneAsync(new BsonDocument("_id", 1), cancellationToken: Stop);
        await bench.Collection("shop.c", "other").InsertOneAsync(new BsonDocument("_id", 2), cancellationToken: Stop);
        var archive = await bench.StartArchiveAsync();
        await bench.BackupAsync();
        await bench.Collection("c").UpdateOneAsync(new BsonDocument("_id", 1), new BsonDocument("$set", new BsonDocument("later", true)), cancellationToken: Stop);
        await bench.Collection("shop.c", "other").InsertOneAsync(new BsonDocument("_id", 3), cancellationToken: Stop);
        await bench.Collection("new", "other").InsertOneAsync(new BsonDocument("_id", 4), cancellationToken: Stop);
        var until = bench.Committed();
        await bench.EndArchiveAsync(archive, until);

        var report = await bench.RestoreAsync(until, database: "shop");

        report.Reached.ShouldBe(until);
        (await bench.TargetAsync("shop")).ShouldBe(await bench.SourceAsOfAsync(until, "shop"));
        (await bench.TargetAsync("shop")).ShouldContain("later");
        (await bench.TargetAsync("other")).ShouldBeEmpty("operations of the other database were not replayed");
    }

    internal static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private static async Task<string> CatalogueAsync(MongoClient client)
    {
        var database = client.GetDatabase("shop");
        using var cursor = await database.ListCollectionsAsync(cancellationToken: Stop);
        var lines = new List<string>();
        foreach (var row in await cursor.ToListAsync(Stop))
        {
            lines.Add($"{row["name"]} {row["type"]} {row["options"].ToJson()}");
            if (row["type"] == "collection")
            {
                using var indexes = await database.GetCollection<BsonDocument>(row["name"].AsString).Indexes.ListAsync(Stop);
                lines.AddRange((await indexes.ToListAsync(Stop)).Select(index => $"{row["name"]} {index.ToJson()}"));
            }
        }

        return string.Join('\n', lines.Order(StringComparer.Ordinal));
    }
}

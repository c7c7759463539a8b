using DrMesh.Engines.Processes;
using DrMesh.TestKit.Mesh;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;
using MongoDB.Driver;

namespace DrMesh.Engines.MongoDb.Tests;

/// <summary>
/// What <c>drmesh repo export</c> writes, held against the public description of mongodump's format: a directory a database, concatenated BSON a collection, canonical extended JSON beside it,
/// <c>oplog.bson</c> at the top; and read back without the engine, as mongorestore would.
/// </summary>
public sealed class ExportTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Export_OfABackupTakenUnderWriting_HoldsEveryDocumentByteForByteAndReadsBack()
    {
        await using var bench = await MongoBench.CreateAsync();
        var random = new Random(3);
        var orders = bench.Collection("orders.2026");
        await orders.InsertManyAsync(
            Enumerable.Range(0, 2000).Select(n => new BsonDocument { { "_id", n }, { "total", Decimal128.Parse("1.50") }, { "at", new BsonDateTime(1_700_000_000_000 + n) }, { "noise", BackupTests.Bytes(random, n % 300) } }),
            cancellationToken: Stop);
        await orders.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>(new BsonDocument("total", -1), new CreateIndexOptions { Name = "by total" }), cancellationToken: Stop);
        await bench.Client.GetDatabase("shop").CreateCollectionAsync("log", new CreateCollectionOptions { Capped = true, MaxSize = 100_000 }, Stop);
        using var stop = new CancellationTokenSource();
        var hot = bench.Collection("hot");
        var writing = Task.Run(async () =>
        {
            for (var n = 0; !stop.IsCancellationRequested; n++)
            {
                await hot.UpdateOneAsync(new BsonDocument("_id", n % 50), new BsonDocument("$inc", new BsonDocument("n", 1)), new UpdateOptions { IsUpsert = true }, Stop);
            }
        }, Stop);
        var position = await bench.BackupAsync();
        await stop.CancelAsync();
        await writing;

        var dump = Path.Combine(bench.Directory, "dump");
        var repository = Path.Combine(bench.Directory, "repository");
        string[] arguments = ["repo", "export", "b1", "--target", dump, "--repo", $"file://{repository}/store", "--key-file", $"{repository}/key"];
        (await ToolProcess.RunAsync(new ToolCommand { Program = Programs.Console, Arguments = arguments }, Stop)).EnsureSuccess("see what it says");

        // What nobody wrote to meanwhile is there as it is, byte by byte.
        var source = (await bench.Client.GetDatabase("shop").GetCollection<RawBsonDocument>("orders.2026").Find(new BsonDocument()).ToListAsync(Stop)).SelectMany(RawBson.ToBytes).ToArray();
        (await File.ReadAllBytesAsync(Path.Combine(dump, "shop", "orders.2026.bson"), Stop)).ShouldBe(source);
        var metadata = BsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(dump, "shop", "orders.2026.metadata.json"), Stop));
        metadata["indexes"].AsBsonArray.Select(index => index["name"].AsString).ShouldBe(["_id_", "by total"]);
        metadata["indexes"][1]["key"].ShouldBe(new BsonDocument("total", -1));
        metadata["type"].AsString.ShouldBe("collection");
        BsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(dump, "shop", "log.metadata.json"), Stop))["options"]["capped"].ToBoolean().ShouldBeTrue();
        new FileInfo(Path.Combine(dump, "shop", "log.bson")).Length.ShouldBe(0);

        var operations = RawBson.Split(await File.ReadAllBytesAsync(Path.Combine(dump, "oplog.bson"), Stop)).Select(bytes => BsonSerializer.Deserialize<BsonDocument>(bytes)).ToList();
        operations.ShouldNotBeEmpty("the writer has to write during the backup, or the test shows nothing");
        BsonOpTime.Of(operations[^1]).ShouldBe(position);
        await ReadBackAsync(bench, dump, operations);
        (await bench.TargetAsync("shop")).ShouldBe(await bench.SourceAsOfAsync(position, "shop"));

        var again = await ToolProcess.RunAsync(new ToolCommand { Program = Programs.Console, Arguments = arguments }, Stop);
        again.ExitCode.ShouldBe(1);
        again.Error.ShouldContain("dump is not empty");
    }

    // As mongorestore --oplogReplay does: insert what each file holds, then applyOps with every operation.
    private static async Task ReadBackAsync(MongoBench bench, string dump, List<BsonDocument> operations)
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(dump, "shop"), "*.bson"))
        {
            var documents = RawBson.Split(await File.ReadAllBytesAsync(file, Stop)).Select(bytes => BsonSerializer.Deserialize<BsonDocument>(bytes)).ToList();
            if (documents.Count > 0)
            {
                var name = BsonDocument.Parse(await File.ReadAllTextAsync(Path.ChangeExtension(file, ".metadata.json"), Stop))["collectionName"].AsString;
                await bench.TargetClient.GetDatabase("shop").GetCollection<BsonDocument>(name).InsertManyAsync(documents, cancellationToken: Stop);
            }
        }

        foreach (var operation in operations.Where(operation => operation["op"] != "n"))
        {
            operation.Remove("ui");
            try
            {
                await bench.TargetClient.GetDatabase("admin").RunCommandAsync<BsonDocument>(new BsonDocument("applyOps", new BsonArray { operation }), cancellationToken: Stop);
            }
            catch (MongoCommandException) when (operation["op"] == "c")
            {
                // mongorestore, too, passes over the creation of what it created.
            }
        }
    }
}

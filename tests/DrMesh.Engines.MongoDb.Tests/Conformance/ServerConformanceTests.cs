using MongoDB.Bson;
using MongoDB.Driver;

namespace DrMesh.Engines.MongoDb.Tests.Conformance;

/// <summary>What the engine relies on in a server. Each test works in a database of its own and removes it.</summary>
public sealed class ServerConformanceTests(ConformanceServers servers) : IClassFixture<ConformanceServers>
{
    public static TheoryData<string> Servers => ConformanceServers.Names;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Servers))]
    public Task Hello_TellsSetAndMajorityPosition(string server) => RunAsync(server, async database =>
    {
        await database.GetCollection<BsonDocument>("c").WithWriteConcern(WriteConcern.WMajority).InsertOneAsync(new BsonDocument("_id", 1), cancellationToken: Stop);
        var hello = await AdminAsync(database, new BsonDocument("hello", 1));

        hello["setName"].AsString.ShouldNotBeEmpty();
        hello["lastWrite"]["majorityOpTime"]["ts"].AsBsonTimestamp.Timestamp.ShouldBeGreaterThan(0);
    });

    [Theory, MemberData(nameof(Servers))]
    public Task Insert_IsInTheOplogAsGiven(string server) => RunAsync(server, async database =>
    {
        var document = new BsonDocument { { "_id", 1 }, { "d", Decimal128.Parse("1.50") }, { "n", 5L }, { "a", new BsonArray { 1, "x" } }, { "t", new BsonTimestamp(7, 8) } };
        await database.GetCollection<BsonDocument>("with.dots").InsertOneAsync(document, cancellationToken: Stop);

        var entry = (await OplogAsync(database, "with.dots", "i")).ShouldHaveSingleItem();
        entry["o"].ShouldBe(document);
        entry["v"].ToInt64().ShouldBe(2);
        entry["ui"].AsGuid.ShouldNotBe(Guid.Empty);
        entry.Contains("t").ShouldBeTrue();
    });

    [Theory, MemberData(nameof(Servers))]
    public Task Update_IsInTheOplogAsADelta_ReplacementAsAWhole(string server) => RunAsync(server, async database =>
    {
        var collection = database.GetCollection<BsonDocument>("c");
        await collection.InsertOneAsync(new BsonDocument { { "_id", 1 }, { "a", 1 }, { "pad", new string('x', 200) } }, cancellationToken: Stop);
        await collection.UpdateOneAsync(new BsonDocument("_id", 1), new BsonDocument("$set", new BsonDocument("a", 2)), cancellationToken: Stop);
        await collection.ReplaceOneAsync(new BsonDocument("_id", 1), new BsonDocument("b", 3), cancellationToken: Stop);

        var entries = await OplogAsync(database, "c", "u");
        entries[0]["o"]["$v"].ToInt32().ShouldBe(2);
        entries[0]["o"]["diff"]["u"]["a"].ToInt32().ShouldBe(2);
        entries[0]["o2"]["_id"].ToInt32().ShouldBe(1);
        entries[1]["o"].ShouldBe(new BsonDocument { { "_id", 1 }, { "b", 3 } });
    });

    [Theory, MemberData(nameof(Servers))]
    public Task Transaction_IsOneEntry_AbortedIsNone(string server) => RunAsync(server, async database =>
    {
        var collection = database.GetCollection<BsonDocument>("c");
        await collection.InsertOneAsync(new BsonDocument("_id", 0), cancellationToken: Stop);
        using var session = await database.Client.StartSessionAsync(cancellationToken: Stop);
        session.StartTransaction();
        await collection.InsertOneAsync(session, new BsonDocument("_id", 1), cancellationToken: Stop);
        (await collection.CountDocumentsAsync(new BsonDocument(), cancellationToken: Stop)).ShouldBe(1, "outside the transaction nothing is seen yet");
        await collection.DeleteOneAsync(session, new BsonDocument("_id", 0), cancellationToken: Stop);
        await session.CommitTransactionAsync(Stop);
        session.StartTransaction();
        await collection.InsertOneAsync(session, new BsonDocument("_id", 2), cancellationToken: Stop);
        await session.AbortTransactionAsync(Stop);

        var ns = collection.CollectionNamespace.FullName;
        var transactions = (await OplogAsync(database, "$cmd", "c", "admin")).Where(entry => entry["o"].AsBsonDocument.Contains("applyOps")
            && entry["o"]["applyOps"].AsBsonArray.Any(operation => operation["ns"] == ns));
        var entry = transactions.ShouldHaveSingleItem();
        entry["o"]["applyOps"].AsBsonArray.Select(operation => operation["op"].AsString).ShouldBe(["i", "d"]);
        entry.Contains("lsid").ShouldBeTrue();
        entry.Contains("txnNumber").ShouldBeTrue();
        (await collection.Find(new BsonDocument()).ToListAsync(Stop)).ShouldBe([new BsonDocument("_id", 1)]);
    });

    [Theory, MemberData(nameof(Servers))]
    public Task TailableCursor_WaitsForNewOperations(string server) => RunAsync(server, async database =>
    {
        var collection = database.GetCollection<BsonDocument>("c");
        await collection.InsertOneAsync(new BsonDocument("_id", 1), cancellationToken: Stop);
        var last = (await OplogAsync(database, "c", "i"))[^1]["ts"];
        var options = new FindOptions<BsonDocument> { CursorType = CursorType.TailableAwait, MaxAwaitTime = TimeSpan.FromMilliseconds(200) };
        using var cursor = await Oplog(database).FindAsync(new BsonDocument { { "ts", new BsonDocument("$gte", last) }, { "ns", collection.CollectionNamespace.FullName } }, options, Stop);
        (await NextAsync(cursor))["o"]["_id"].ToInt32().ShouldBe(1);

        var waiting = NextAsync(cursor);
        await collection.InsertOneAsync(new BsonDocument("_id", 2), cancellationToken: Stop);

        (await waiting)["o"]["_id"].ToInt32().ShouldBe(2);
    });

    [Theory, MemberData(nameof(Servers))]
    public Task ApplyOps_IsIdempotent_ButAnUpdateNeedsItsDocument(string server) => RunAsync(server, async database =>
    {
        var collection = database.GetCollection<BsonDocument>("a.b");
        await collection.InsertOneAsync(new BsonDocument { { "_id", 1 }, { "v", "old" } }, cancellationToken: Stop);
        var ns = collection.CollectionNamespace.FullName;
        BsonDocument Operation(string op, BsonDocument o) => new() { { "op", op }, { "ns", ns }, { "o", o }, { "o2", new BsonDocument("_id", o.GetValue("_id", 9)) } };

        for (var i = 0; i < 2; i++)
        {
            await AdminAsync(database, new BsonDocument("applyOps", new BsonArray
            {
                Operation("i", new BsonDocument { { "_id", 1 }, { "v", "new" } }), new BsonDocument { { "op", "d" }, { "ns", ns }, { "o", new BsonDocument("_id", 7) } },
            }));
        }

        (await collection.Find(new BsonDocument()).SingleAsync(Stop))["v"].AsString.ShouldBe("new");
        await Should.ThrowAsync<MongoCommandException>(() => AdminAsync(database, new BsonDocument("applyOps", new BsonArray
        {
            Operation("u", new BsonDocument { { "$v", 2 }, { "diff", new BsonDocument("u", new BsonDocument("v", 1)) } }),
        })));
    });

    [Theory, MemberData(nameof(Servers))]
    public Task Catalogue_TellsKindsOptionsAndIndexes(string server) => RunAsync(server, async database =>
    {
        await database.CreateCollectionAsync("capped", new CreateCollectionOptions { Capped = true, MaxSize = 4096, MaxDocuments = 3 }, Stop);
        await database.RunCommandAsync<BsonDocument>(
            new BsonDocument { { "create", "seen" }, { "viewOn", "capped" }, { "pipeline", new BsonArray { new BsonDocument("$match", new BsonDocument("n", new BsonDocument("$gt", 1))) } } },
            cancellationToken: Stop);
        await database.RunCommandAsync<BsonDocument>(new BsonDocument { { "create", "series" }, { "timeseries", new BsonDocument("timeField", "at") } }, cancellationToken: Stop);
        var indexed = database.GetCollection<BsonDocument>("indexed");
        await indexed.Indexes.CreateOneAsync(
            new CreateIndexModel<BsonDocument>(new BsonDocument { { "a", 1 }, { "b", -1 } }, new CreateIndexOptions { Unique = true, Name = "ab" }), cancellationToken: Stop);

        using var cursor = await database.ListCollectionsAsync(cancellationToken: Stop);
        var rows = (await cursor.ToListAsync(Stop)).ToDictionary(row => row["name"].AsString);
        rows["capped"]["options"]["max"].ToInt64().ShouldBe(3);
        rows["capped"]["info"]["uuid"].AsGuid.ShouldNotBe(Guid.Empty);
        rows["seen"]["type"].AsString.ShouldBe("view");
        rows["seen"]["options"]["viewOn"].AsString.ShouldBe("capped");
        rows["series"]["type"].AsString.ShouldBe("timeseries");
        rows.ShouldContainKey("system.buckets.series");
        using var indexes = await indexed.Indexes.ListAsync(Stop);
        var unique = (await indexes.ToListAsync(Stop)).Single(index => index["name"] == "ab");
        unique["unique"].ToBoolean().ShouldBeTrue();
        unique["key"].ShouldBe(new BsonDocument { { "a", 1 }, { "b", -1 } });
    });

    [Theory, MemberData(nameof(Servers))]
    public Task CappedCollection_KeepsTheNewest_AndAViewShowsWhatMatches(string server) => RunAsync(server, async database =>
    {
        await database.CreateCollectionAsync("capped", new CreateCollectionOptions { Capped = true, MaxSize = 4096, MaxDocuments = 3 }, Stop);
        await database.RunCommandAsync<BsonDocument>(
            new BsonDocument { { "create", "seen" }, { "viewOn", "capped" }, { "pipeline", new BsonArray { new BsonDocument("$match", new BsonDocument("n", new BsonDocument("$gt", 3))) } } },
            cancellationToken: Stop);
        await database.GetCollection<BsonDocument>("capped").InsertManyAsync(Enumerable.Range(1, 5).Select(n => new BsonDocument { { "_id", n }, { "n", n } }), cancellationToken: Stop);

        (await database.GetCollection<BsonDocument>("capped").Find(new BsonDocument()).ToListAsync(Stop)).Select(row => row["n"].ToInt32()).ShouldBe([3, 4, 5]);
        (await database.GetCollection<BsonDocument>("seen").Find(new BsonDocument()).ToListAsync(Stop)).Select(row => row["n"].ToInt32()).ShouldBe([4, 5]);
    });

    [Theory, MemberData(nameof(Servers))]
    public Task Writes_AreChecked(string server) => RunAsync(server, async database =>
    {
        var collection = database.GetCollection<BsonDocument>("c");
        await collection.InsertOneAsync(new BsonDocument { { "_id", 1 }, { "u", 1 } }, cancellationToken: Stop);
        await collection.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>(new BsonDocument("u", 1), new CreateIndexOptions { Unique = true }), cancellationToken: Stop);

        (await Should.ThrowAsync<MongoWriteException>(() => collection.InsertOneAsync(new BsonDocument("_id", 1), cancellationToken: Stop))).WriteError.Code.ShouldBe(11000);
        (await Should.ThrowAsync<MongoWriteException>(() => collection.InsertOneAsync(new BsonDocument { { "_id", 2 }, { "u", 1 } }, cancellationToken: Stop))).WriteError.Code.ShouldBe(11000);
        var upserted = await collection.UpdateOneAsync(
            new BsonDocument("_id", 5), new BsonDocument("$inc", new BsonDocument("n", 2)), new UpdateOptions { IsUpsert = true }, Stop);
        upserted.UpsertedId.ToInt32().ShouldBe(5);
        (await collection.DeleteManyAsync(new BsonDocument("n", new BsonDocument("$gte", 1)), Stop)).DeletedCount.ShouldBe(1);
    });

    [Theory, MemberData(nameof(Servers))]
    public Task ManyDocuments_ComeThroughCursorsOnce(string server) => RunAsync(server, async database =>
    {
        var collection = database.GetCollection<BsonDocument>("c");
        await collection.InsertManyAsync(Enumerable.Range(0, 2500).Select(n => new BsonDocument("_id", n)), cancellationToken: Stop);

        var read = await collection.Find(new BsonDocument(), new FindOptions { BatchSize = 300 }).ToListAsync(Stop);

        read.Select(row => row["_id"].ToInt32()).Order().ShouldBe(Enumerable.Range(0, 2500));
    });

    [Theory, MemberData(nameof(Servers))]
    public Task Reconfiguration_TakesAHigherVersionAndOneVoterAtMost(string server) => RunAsync(server, async database =>
    {
        var config = (await AdminAsync(database, new BsonDocument("replSetGetConfig", 1)))["config"].AsBsonDocument;
        var voters = config["members"].AsBsonArray.Where(row => row.AsBsonDocument.GetValue("votes", 1).ToInt32() > 0).ToList();
        voters.Count.ShouldBeGreaterThanOrEqualTo(3, "the suite needs a set of three voting members");
        var primary = (await AdminAsync(database, new BsonDocument("hello", 1)))["me"];

        (await ReconfigureAsync(database, config)).ShouldBe(103, "the version is the same");
        var next = Next(config);
        next["members"] = new BsonArray(voters.Where(row => row["host"] == primary));
        (await ReconfigureAsync(database, next)).ShouldBe(103, "two voters would go at once");
        next = Next(config);
        next["members"].AsBsonArray.First(row => row["host"] != primary)["votes"] = 0;
        (await ReconfigureAsync(database, next)).ShouldBe(103, "one without a vote has priority 0");
        next = Next(config);
        (await ReconfigureAsync(database, next)).ShouldBe(0);
        (await AdminAsync(database, new BsonDocument("replSetGetConfig", 1)))["config"]["version"].ToInt32().ShouldBe(next["version"].ToInt32());
    });

    [Theory, MemberData(nameof(Servers))]
    public Task StepDown_AnotherLeads(string server) => RunAsync(server, async database =>
    {
        var old = (await AdminAsync(database, new BsonDocument("hello", 1)))["me"].AsString;
        await AdminAsync(database, new BsonDocument { { "replSetStepDown", 5 }, { "secondaryCatchUpPeriodSecs", 5 } });

        // The driver finds the next one, as long as an election may take.
        var collection = database.GetCollection<BsonDocument>("c").WithWriteConcern(WriteConcern.WMajority);
        BsonValue? now = null;
        await TestKit.Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    await collection.InsertOneAsync([], cancellationToken: Stop);
                    now = (await AdminAsync(database, new BsonDocument("hello", 1)))["me"];
                }
                catch (MongoException)
                {
                    // Nobody leads yet.
                }

                return now is not null && now != old;
            },
            TimeSpan.FromSeconds(60), () => $"{now} leads", Stop);
    });

    private static BsonDocument Next(BsonDocument config)
    {
        var next = config.DeepClone().AsBsonDocument;
        next["version"] = config["version"].ToInt32() + 1;
        return next;
    }

    // The code of its refusal; 0: it was taken.
    private static async Task<int> ReconfigureAsync(IMongoDatabase database, BsonDocument config)
    {
        try
        {
            await AdminAsync(database, new BsonDocument("replSetReconfig", config));
            return 0;
        }
        catch (MongoCommandException refused)
        {
            return refused.Code;
        }
    }

    private async Task RunAsync(string server, Func<IMongoDatabase, Task> test)
    {
        using var client = new MongoClient(servers.ConnectionString(server));
        var database = client.GetDatabase($"drmesh_{Guid.NewGuid():N}");
        try
        {
            await test(database);
        }
        finally
        {
            await client.DropDatabaseAsync(database.DatabaseNamespace.DatabaseName, Stop);
        }
    }

    private static IMongoCollection<BsonDocument> Oplog(IMongoDatabase database) => database.Client.GetDatabase("local").GetCollection<BsonDocument>("oplog.rs");

    private static Task<BsonDocument> AdminAsync(IMongoDatabase database, BsonDocument command) =>
        database.Client.GetDatabase("admin").RunCommandAsync<BsonDocument>(command, cancellationToken: Stop);

    private static async Task<List<BsonDocument>> OplogAsync(IMongoDatabase database, string collection, string op, string? owner = null) =>
        await Oplog(database).Find(new BsonDocument { { "ns", $"{owner ?? database.DatabaseNamespace.DatabaseName}.{collection}" }, { "op", op } }).ToListAsync(Stop);

    private static async Task<BsonDocument> NextAsync(IAsyncCursor<BsonDocument> cursor)
    {
        while (await cursor.MoveNextAsync(Stop))
        {
            if (cursor.Current.FirstOrDefault() is { } document)
            {
                return document;
            }
        }

        throw new InvalidOperationException("the cursor ended");
    }
}

using DrMesh.FakeMongoServer.Replication;
using DrMesh.TestKit;
using MongoDB.Bson;
using MongoDB.Driver;

namespace DrMesh.Engines.MongoDb.Tests.Conformance;

/// <summary>The fake's faults: what a real set does when members go, which no shared server can be asked to do.</summary>
public sealed class FakeFaultTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PrimaryKilled_AnotherIsElected_AndRetriedWritesHappenOnce()
    {
        await using var set = FakeReplicaSet.Start();
        using var client = new MongoClient(set.ConnectionString);
        var collection = client.GetDatabase("d").GetCollection<BsonDocument>("c").WithWriteConcern(WriteConcern.WMajority);
        await collection.InsertOneAsync(new BsonDocument("_id", 1), cancellationToken: Stop);
        var old = set.Primary!;

        set.Kill(old);
        await collection.UpdateOneAsync(new BsonDocument("_id", 1), new BsonDocument("$inc", new BsonDocument("n", 1)), cancellationToken: Stop);

        set.Primary.ShouldNotBe(old);
        (await collection.Find(new BsonDocument()).SingleAsync(Stop))["n"].ToInt32().ShouldBe(1);
    }

    [Fact]
    public async Task MajorityGone_NobodyIsPrimary()
    {
        await using var set = FakeReplicaSet.Start();

        set.Kill(set.Members[1]);
        set.Kill(set.Members[0]);

        set.Primary.ShouldBeNull();
        set.Restart(set.Members[1]);
        set.Primary.ShouldNotBeNull();
    }

    [Fact]
    public async Task IsolatedPrimary_WritesAreNeverMajority_AndAreRolledBack()
    {
        await using var set = FakeReplicaSet.Start();
        var old = set.Primary!;
        using var direct = new MongoClient($"mongodb://{old.Host}/?directConnection=true");
        var collection = direct.GetDatabase("d").GetCollection<BsonDocument>("c");
        await collection.InsertOneAsync(new BsonDocument("_id", 1), cancellationToken: Stop);
        var committed = old.CommitPoint;

        set.Isolate(old);
        await collection.InsertOneAsync(new BsonDocument("_id", 2), cancellationToken: Stop);

        old.CommitPoint.ShouldBe(committed);
        (await collection.WithReadConcern(ReadConcern.Majority).Find(new BsonDocument()).ToListAsync(Stop)).Count.ShouldBe(1);
        (await collection.Find(new BsonDocument()).ToListAsync(Stop)).Count.ShouldBe(2);
        set.Heal(old);
        old.Rollbacks.ShouldBe(1);
        old.Role.ShouldBe(MemberRole.Secondary);
        old.LastApplied.ShouldBe(set.Primary!.LastApplied);
    }

    [Fact]
    public async Task CappedOplog_CursorBehindIt_IsLost()
    {
        await using var set = FakeReplicaSet.Start();
        using var client = new MongoClient(set.ConnectionString);
        var collection = client.GetDatabase("d").GetCollection<BsonDocument>("c");
        await collection.InsertOneAsync(new BsonDocument("_id", 0), cancellationToken: Stop);
        using var cursor = await client.GetDatabase("local").GetCollection<BsonDocument>("oplog.rs").FindAsync(
            new BsonDocument(), new FindOptions<BsonDocument> { CursorType = CursorType.TailableAwait, BatchSize = 1 }, Stop);
        await cursor.MoveNextAsync(Stop);

        set.OplogLimit = 3;
        await collection.InsertManyAsync(Enumerable.Range(1, 10).Select(n => new BsonDocument("_id", n)), cancellationToken: Stop);

        var error = await Should.ThrowAsync<MongoCommandException>(async () =>
        {
            while (await cursor.MoveNextAsync(Stop))
            {
            }
        });
        error.Code.ShouldBe(136);
    }

    [Fact]
    public async Task MajorityWrite_WaitsForAPausedMajority()
    {
        await using var set = FakeReplicaSet.Start();
        using var client = new MongoClient(set.ConnectionString);
        var collection = client.GetDatabase("d").GetCollection<BsonDocument>("c").WithWriteConcern(WriteConcern.WMajority);
        var secondaries = set.Members.Where(member => member != set.Primary).ToList();
        secondaries.ForEach(member => set.PauseReplication(member, true));

        var write = collection.InsertOneAsync(new BsonDocument("_id", 1), cancellationToken: Stop);
        await Eventually.HoldsAsync(() => Task.FromResult(set.Primary!.Oplog.Any(entry => entry["op"] == "i")), TimeSpan.FromSeconds(30), () => "no insert arrived", Stop);
        write.IsCompleted.ShouldBeFalse();
        set.PauseReplication(secondaries[0], false);

        await write;
    }

    [Fact]
    public async Task ForcedReconfiguration_OfTheSurvivors_GivesAPrimaryAgain()
    {
        await using var set = FakeReplicaSet.Start();

        await ForceAsync(set);

        set.Primary.ShouldBe(set.Members[2]);
    }

    [Fact]
    public async Task FormerMembers_ThatReachTheSurvivor_LearnOfItsConfiguration()
    {
        await using var set = FakeReplicaSet.Start();
        await ForceAsync(set);

        set.Restart(set.Members[0]);
        set.Restart(set.Members[1]);

        set.Members[0].Role.ShouldBe(MemberRole.Removed);
        set.Members[1].Role.ShouldBe(MemberRole.Removed);
        set.Primary.ShouldBe(set.Members[2]);
    }

    [Fact]
    public async Task FormerMembers_ThatDoNotReachTheSurvivor_ElectBesideIt()
    {
        await using var set = FakeReplicaSet.Start();
        set.Isolate(set.Members[2]);
        await ForceAsync(set);

        set.Restart(set.Members[0]);
        set.Members[0].Role.ShouldBe(MemberRole.Secondary, "one of three elects nobody");
        set.Restart(set.Members[1]);

        set.Members.Count(member => member.Role == MemberRole.Primary).ShouldBe(2, "this is why a person approves, and why their region stops them");
        set.Heal(set.Members[2]);
        set.Members.Select(member => member.Role).ShouldBe([MemberRole.Removed, MemberRole.Removed, MemberRole.Primary]);
    }

    [Fact]
    public async Task FormerMember_WithMajorityCommittedOperationsTheSurvivorLacks_EndsItselfUntilItIsWiped()
    {
        await using var set = FakeReplicaSet.Start();
        using (var client = new MongoClient(set.ConnectionString))
        {
            set.PauseReplication(set.Members[2], true);
            await client.GetDatabase("d").GetCollection<BsonDocument>("c").WithWriteConcern(WriteConcern.WMajority).InsertOneAsync(new BsonDocument("_id", 1), cancellationToken: Stop);
        }

        await ForceAsync(set);
        set.PauseReplication(set.Members[2], false);
        set.Restart(set.Members[0]);
        await ReconfigureAsync(set.Members[2], config =>
        {
            config["version"] = config["version"].ToInt32() + 1;
            config["members"].AsBsonArray.Add(new BsonDocument { { "_id", 0 }, { "host", set.Members[0].Host } });
        });

        set.Members[0].Role.ShouldBe(MemberRole.Down);
        set.RestartWiped(set.Members[0]);
        set.Members[0].Role.ShouldBe(MemberRole.Secondary);
        set.Members[0].LastApplied.ShouldBe(set.Members[2].LastApplied);
    }

    [Fact]
    public async Task PrimaryThatLosesItsMajority_StepsDown()
    {
        await using var set = FakeReplicaSet.Start();
        set.Kill(set.Members[1]);
        set.Members[0].Role.ShouldBe(MemberRole.Primary);

        set.Kill(set.Members[2]);

        set.Members[0].Role.ShouldBe(MemberRole.Secondary);
    }

    [Fact]
    public async Task StepDown_HandsOverToACaughtUpMember()
    {
        await using var set = FakeReplicaSet.Start();
        var old = set.Primary!;
        using var direct = new MongoClient($"mongodb://{old.Host}/?directConnection=true");

        await direct.GetDatabase("admin").RunCommandAsync<BsonDocument>(new BsonDocument("replSetStepDown", 60), cancellationToken: Stop);

        old.Role.ShouldBe(MemberRole.Secondary);
        set.Primary.ShouldNotBeNull();
        set.Primary.ShouldNotBe(old);
    }

    // Members 0 and 1 are lost; the last one is forced into a set of its own.
    private static async Task ForceAsync(FakeReplicaSet set)
    {
        set.Kill(set.Members[0]);
        set.Kill(set.Members[1]);
        await ReconfigureAsync(set.Members[2], config => config["members"] = new BsonArray(config["members"].AsBsonArray.Where(row => row["host"] == set.Members[2].Host)), force: true);
        set.Members[2].Role.ShouldBe(MemberRole.Primary);
    }

    private static async Task ReconfigureAsync(FakeMember member, Action<BsonDocument> change, bool force = false)
    {
        using var direct = new MongoClient($"mongodb://{member.Host}/?directConnection=true&readPreference=secondaryPreferred");
        var admin = direct.GetDatabase("admin");
        var config = (await admin.RunCommandAsync<BsonDocument>(new BsonDocument("replSetGetConfig", 1), cancellationToken: Stop))["config"].AsBsonDocument;
        change(config);
        await admin.RunCommandAsync<BsonDocument>(new BsonDocument { { "replSetReconfig", config }, { "force", force } }, cancellationToken: Stop);
    }
}

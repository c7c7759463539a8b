using DrMesh.Core.Backups.MongoDb;
using DrMesh.Core.Backups.Unified;
using DrMesh.Engines.MongoDb.ReplicaSet;
using MongoDB.Bson;
using MongoDB.Driver;

namespace DrMesh.Engines.MongoDb.Points;

/// <summary>Consistency points of MongoDB.</summary>
internal sealed class MongoPoints(TimeProvider time) : IMongoPoints
{
    private const string Database = "drmesh";
    private const string Collection = "consistency_point";

    public async Task<MongoPoint> MarkAsync(MongoAddress address, string point, CancellationToken cancellationToken)
    {
        using var clients = new MemberClients(address);
        try
        {
            var document = new BsonDocument { { "_id", point }, { "at", time.GetUtcNow().UtcDateTime } };
            var command = new BsonDocument
            {
                { "insert", Collection },
                { "documents", new BsonArray { document } },
                { "writeConcern", new BsonDocument { { "w", "majority" }, { "j", true }, { "wtimeout", 30_000 } } },
            };
            var answer = await clients.Set.GetDatabase(Database).RunCommandAsync<BsonDocument>(command, ReadPreference.Primary, cancellationToken);
            if (answer.TryGetValue("writeErrors", out var errors) || answer.TryGetValue("writeConcernError", out errors))
            {
                throw MongoErrors.MarkerRefused(point, errors.ToJson());
            }

            var cluster = (answer.TryGetValue("$clusterTime", out var told) ? told["clusterTime"] : answer["operationTime"]).AsBsonTimestamp;
            return new MongoPoint(await PositionAsync(clients.Set, point, cancellationToken), $"{(uint)cluster.Timestamp}:{(uint)cluster.Increment}");
        }
        catch (Exception exception) when (MongoErrors.From(exception, string.Join(',', clients.Seeds)) is { } failure)
        {
            throw failure;
        }
    }

    public async Task<bool> HasAsync(MongoAddress address, string point, CancellationToken cancellationToken)
    {
        using var clients = new MemberClients(address);
        try
        {
            return await clients.Set.GetDatabase(Database).GetCollection<BsonDocument>(Collection).Find(new BsonDocument("_id", point)).Limit(1).AnyAsync(cancellationToken);
        }
        catch (Exception exception) when (MongoErrors.From(exception, string.Join(',', clients.Seeds)) is { } failure)
        {
            throw failure;
        }
    }

    // The marker's own operation, not the newest one: others may have written since. Read backwards it is among the first.
    private static async Task<OpTime> PositionAsync(IMongoClient set, string point, CancellationToken cancellationToken)
    {
        var filter = new BsonDocument { { "op", "i" }, { "ns", $"{Database}.{Collection}" }, { "o._id", point } };
        var entry = await set.GetDatabase("local").GetCollection<BsonDocument>("oplog.rs")
            .Find(filter).Sort(new BsonDocument("$natural", -1)).Limit(1).FirstOrDefaultAsync(cancellationToken);
        return entry is null ? throw MongoErrors.MarkerRefused(point, "its operation is not in the oplog") : BsonOpTime.Of(entry);
    }
}

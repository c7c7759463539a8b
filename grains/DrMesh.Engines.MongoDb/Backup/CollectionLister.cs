using MongoDB.Bson;
using MongoDB.Driver;

namespace DrMesh.Engines.MongoDb.Backup;

/// <summary>
/// Finds all that a backup of a set contains. The commands are sent by hand: the driver's own methods ask for a primary, and a secondary refuses them then.
/// </summary>
internal static class CollectionLister
{
    public static async Task<IReadOnlyList<CollectionInfo>> ListAsync(IMongoClient member, CancellationToken cancellationToken)
    {
        var found = new List<CollectionInfo>();
        var names = await RunAsync(member.GetDatabase("admin"), new BsonDocument { { "listDatabases", 1 }, { "nameOnly", true } }, cancellationToken);
        foreach (var name in names["databases"].AsBsonArray.Select(row => row["name"].AsString).Where(SystemNamespaces.IsBackedUp))
        {
            var database = member.GetDatabase(name);
            foreach (var row in await ReadAllAsync(database, new BsonDocument("listCollections", 1), cancellationToken))
            {
                var info = CollectionInfo.Parse(name, row);
                if (SystemNamespaces.IsBackedUp(name, info.Name))
                {
                    found.Add(info.Type == "view" || info.IsBuckets
                        ? info
                        : info with { Indexes = await ReadAllAsync(database, new BsonDocument("listIndexes", info.Name), cancellationToken) });
                }
            }
        }

        return found;
    }

    private static async Task<IReadOnlyList<BsonDocument>> ReadAllAsync(IMongoDatabase database, BsonDocument command, CancellationToken cancellationToken)
    {
        const int NamespaceNotFound = 26;
        var rows = new List<BsonDocument>();
        try
        {
            var cursor = (await RunAsync(database, command.Add("cursor", new BsonDocument()), cancellationToken))["cursor"];
            rows.AddRange(cursor["firstBatch"].AsBsonArray.Select(row => row.AsBsonDocument));
            while (cursor["id"].ToInt64() is not 0 and var id)
            {
                var more = new BsonDocument { { "getMore", id }, { "collection", Namespaces.Collection(cursor["ns"].AsString) } };
                cursor = (await RunAsync(database, more, cancellationToken))["cursor"];
                rows.AddRange(cursor["nextBatch"].AsBsonArray.Select(row => row.AsBsonDocument));
            }
        }
        catch (MongoCommandException exception) when (exception.Code == NamespaceNotFound)
        {
            // Dropped a moment ago; the oplog of the window says so too.
        }

        return rows;
    }

    private static Task<BsonDocument> RunAsync(IMongoDatabase database, BsonDocument command, CancellationToken cancellationToken) =>
        database.RunCommandAsync<BsonDocument>(command, ReadPreference.SecondaryPreferred, cancellationToken);
}

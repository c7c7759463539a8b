using MongoDB.Bson;
using MongoDB.Driver;
using Npgsql;

namespace DrMesh.Grains.Tests.Backups.Unified;

/// <summary>Reads the three systems of a restored application and finds orders that are not in all of them.</summary>
internal static class ReferenceChecker
{
    /// <summary>The orders found anywhere, and of these the dangling ones.</summary>
    public static async Task<(int Orders, IReadOnlyList<long> Dangling)> CheckAsync(string postgres, string mongo, string tree, CancellationToken cancellationToken)
    {
        var rows = new HashSet<long>();
        await using (var connection = new NpgsqlConnection(postgres))
        {
            await connection.OpenAsync(cancellationToken);
            await using var command = new NpgsqlCommand("select id from orders", connection);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                rows.Add(reader.GetInt64(0));
            }
        }

        using var client = new MongoClient(mongo);
        var documents = (await client.GetDatabase("shop").GetCollection<BsonDocument>("carts").Find(new BsonDocument()).ToListAsync(cancellationToken))
            .Select(document => document["_id"].ToInt64()).ToHashSet();
        // A file that is not whole names nobody: it is no more there than a missing one.
        var files = Directory.EnumerateFiles(tree).Select(path => (Name: Path.GetFileName(path), Path: path)).Where(file => long.TryParse(file.Name, out _))
            .Where(file => File.ReadAllText(file.Path) == $"{file.Name} {file.Name}").Select(file => long.Parse(file.Name)).ToHashSet();
        var all = rows.Union(documents).Union(files).ToArray();
        return (all.Length, [.. all.Where(id => !rows.Contains(id) || !documents.Contains(id) || !files.Contains(id)).Order()]);
    }
}

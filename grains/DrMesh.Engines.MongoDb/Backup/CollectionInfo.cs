using System.Text;
using MongoDB.Bson;
using MongoDB.Bson.IO;

namespace DrMesh.Engines.MongoDb.Backup;

/// <summary>A collection, view or time-series collection as <c>listCollections</c> and <c>listIndexes</c> describe it.</summary>
internal sealed record CollectionInfo
{
    private const string BucketsPrefix = "system.buckets.";
    private static readonly JsonWriterSettings Canonical = new() { OutputMode = JsonOutputMode.CanonicalExtendedJson };

    public required string Database { get; init; }

    public required string Name { get; init; }

    /// <summary><c>collection</c>, <c>view</c> or <c>timeseries</c>.</summary>
    public required string Type { get; init; }

    public BsonDocument Options { get; init; } = [];

    public Guid? Uuid { get; init; }

    public IReadOnlyList<BsonDocument> Indexes { get; init; } = [];

    public string Namespace => $"{Database}.{Name}";

    /// <summary>Where a time-series collection keeps its data.</summary>
    public bool IsBuckets => Name.StartsWith(BucketsPrefix, StringComparison.Ordinal);

    /// <summary>Whether it has documents of its own.</summary>
    public bool HasData => Type == "collection";

    public static CollectionInfo Parse(string database, BsonDocument row) => new()
    {
        Database = database,
        Name = row["name"].AsString,
        Type = row.GetValue("type", "collection").AsString,
        Options = row.GetValue("options", new BsonDocument()).AsBsonDocument,
        Uuid = row.TryGetValue("info", out var info) && info.AsBsonDocument.TryGetValue("uuid", out var uuid) ? uuid.AsGuid : null,
    };

    /// <summary>The content of a dump's <c>.metadata.json</c>: canonical extended JSON.</summary>
    public byte[] ToMetadata()
    {
        var document = new BsonDocument { { "options", Options }, { "indexes", new BsonArray(Indexes) } };
        if (Uuid is { } uuid)
        {
            document["uuid"] = uuid.ToString("N");
        }

        document["collectionName"] = Name;
        document["type"] = Type;
        return Encoding.UTF8.GetBytes(document.ToJson(Canonical));
    }

    /// <summary>Reads a dump's <c>.metadata.json</c>.</summary>
    public static CollectionInfo FromMetadata(string database, byte[] json)
    {
        var document = BsonDocument.Parse(Encoding.UTF8.GetString(json));
        return new CollectionInfo
        {
            Database = database,
            Name = document["collectionName"].AsString,
            Type = document.GetValue("type", "collection").AsString,
            Options = document.GetValue("options", new BsonDocument()).AsBsonDocument,
            Indexes = [.. document.GetValue("indexes", new BsonArray()).AsBsonArray.Select(index => index.AsBsonDocument)],
        };
    }
}

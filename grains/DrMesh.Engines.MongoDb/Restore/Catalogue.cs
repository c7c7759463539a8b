using DrMesh.Engines.MongoDb.Backup;
using MongoDB.Bson;

namespace DrMesh.Engines.MongoDb.Restore;

/// <summary>
/// The collections, views and indexes a restore ends with: as in the backup, then changed by each replayed command. Views and indexes are made at the end: a unique index over data
/// that is still a mix of moments would refuse what is right.
/// </summary>
internal sealed class Catalogue
{
    private const string BucketsPrefix = "system.buckets.";
    private readonly Dictionary<string, CollectionInfo> _entries = new(StringComparer.Ordinal);

    public IEnumerable<CollectionInfo> Entries => _entries.Values;

    public void Add(CollectionInfo info) => _entries[info.Namespace] = info;

    /// <summary>Whether the restore has made, or will make, something of this name.</summary>
    public bool Knows(string ns) => _entries.ContainsKey(ns);

    /// <summary>
    /// Notes an operation on <c>system.views</c>, where servers write views (and time-series collections, which are views of their buckets) since they have no command of their
    /// own in the oplog.
    /// </summary>
    public void ApplyView(string kind, BsonDocument body)
    {
        var ns = body["_id"].AsString;
        if (kind == "d")
        {
            _entries.Remove(ns);
        }
        else if (kind == "i" && !body["viewOn"].AsString.StartsWith(BucketsPrefix, StringComparison.Ordinal))
        {
            var options = new BsonDocument(body.Elements.Where(element => element.Name != "_id"));
            Add(new CollectionInfo { Database = Namespaces.Database(ns), Name = Namespaces.Collection(ns), Type = "view", Options = options });
        }
    }

    /// <summary>Notes a replayed command. Returns whether the command is also to be sent to the server now.</summary>
    public bool Apply(string database, BsonDocument command)
    {
        var first = command.GetElement(0);
        var ns = first.Value.IsString ? $"{database}.{first.Value.AsString}" : database;
        switch (first.Name)
        {
            case "create" when first.Value.AsString.StartsWith(BucketsPrefix, StringComparison.Ordinal):
                // The time-series collection is made by its own name, and makes its buckets.
                var series = new BsonDocument(command.Elements.Where(element => element.Name is "timeseries" or "expireAfterSeconds"));
                Add(new CollectionInfo { Database = database, Name = first.Value.AsString[BucketsPrefix.Length..], Type = "timeseries", Options = series });
                return true;
            case "create" when command.GetValue("viewOn", "").AsString.StartsWith(BucketsPrefix, StringComparison.Ordinal):
                return false;
            case "create":
                var options = new BsonDocument(command.Elements.Where(element => element.Name is not ("create" or "idIndex")));
                Add(new CollectionInfo { Database = database, Name = first.Value.AsString, Type = options.Contains("viewOn") ? "view" : "collection", Options = options });
                return !options.Contains("viewOn");
            case "drop":
                return _entries.Remove(ns, out var dropped) && dropped.Type != "view";
            case "dropDatabase":
                return true;
            case "collMod":
                Change(ns, info => info with { Options = new BsonDocument(info.Options).Merge(new BsonDocument(command.Elements.Where(element => element.Name != "collMod")), true) });
                return _entries.TryGetValue(ns, out var changed) && changed.Type != "view";
            case "renameCollection":
                Rename(first.Value.AsString, command["to"].AsString);
                return true;
            case "createIndexes":
                AddIndex(ns, new BsonDocument(command.Elements.Where(element => element.Name != "createIndexes")));
                return false;
            case "commitIndexBuild":
                foreach (var index in command["indexes"].AsBsonArray)
                {
                    AddIndex(ns, index.AsBsonDocument);
                }

                return false;
            case "dropIndexes" or "deleteIndexes":
                Change(ns, info => info with { Indexes = [.. info.Indexes.Where(index => index["name"] != command["index"])] });
                return false;
            default:
                // startIndexBuild, abortIndexBuild: nothing to see until an index is committed.
                return false;
        }
    }

    private void AddIndex(string ns, BsonDocument index) =>
        Change(ns, info => info with { Indexes = [.. info.Indexes.Where(existing => existing["name"] != index["name"]), index] });

    private void Rename(string from, string to)
    {
        if (_entries.Remove(from, out var info))
        {
            _entries[to] = info with { Database = Namespaces.Database(to), Name = Namespaces.Collection(to) };
        }
    }

    private void Change(string ns, Func<CollectionInfo, CollectionInfo> change)
    {
        if (!_entries.TryGetValue(ns, out var info))
        {
            info = new CollectionInfo { Database = Namespaces.Database(ns), Name = Namespaces.Collection(ns), Type = "collection" };
        }

        _entries[ns] = change(info);
    }
}

using MongoDB.Bson;

namespace DrMesh.FakeMongoServer.Storage;

/// <summary>All data of one member at one point of its oplog. Only <see cref="Apply"/> changes it, so that replaying an oplog gives the same state again.</summary>
internal sealed class DataState
{
    private readonly SortedDictionary<string, FakeCollection> _collections = new(StringComparer.Ordinal);
    private readonly Dictionary<(BsonValue Session, BsonValue Number), List<BsonDocument>> _open = [];

    public IEnumerable<FakeCollection> Collections => _collections.Values;

    public FakeCollection? Find(string ns) => _collections.GetValueOrDefault(ns);

    public FakeCollection Get(string ns) => Find(ns) ?? throw CommandFault.NamespaceNotFound(ns);

    public FakeCollection ByUuid(Guid uuid) => _collections.Values.FirstOrDefault(collection => collection.Uuid == uuid) ?? throw CommandFault.NamespaceNotFound(uuid.ToString());

    public IEnumerable<FakeCollection> InDatabase(string database) =>
        _collections.Values.Where(collection => DatabaseOf(collection.Namespace) == database);

    public IEnumerable<string> Databases => _collections.Keys.Select(DatabaseOf).Distinct(StringComparer.Ordinal);

    /// <summary>The part of a namespace before its first dot; the collection's name may contain dots.</summary>
    public static string DatabaseOf(string ns) => ns.Split('.', 2)[0];

    public static string CollectionOf(string ns) => ns.Split('.', 2)[1];

    /// <summary>Applies one oplog entry as a secondary does: idempotent for documents.</summary>
    public void Apply(BsonDocument entry)
    {
        var ns = entry["ns"].AsString;
        var body = entry["o"].AsBsonDocument;
        switch (entry["op"].AsString)
        {
            case "i":
                Existing(ns, entry).Put(body);
                break;
            case "d":
                Find(ns)?.Remove(body["_id"]);
                break;
            case "u":
                Update(Existing(ns, entry), entry["o2"]["_id"], body, strict: false);
                break;
            case "c":
                ApplyCommand(DatabaseOf(ns), body, entry);
                break;
        }
    }

    /// <summary>Changes a document by an oplog entry's update. Strict: a missing one is an error, as in the applyOps command.</summary>
    public static void Update(FakeCollection collection, BsonValue id, BsonDocument update, bool strict)
    {
        var isDelta = update.Contains("$v");
        var before = collection.Find(id);
        if (before is null && (strict || isDelta))
        {
            if (strict)
            {
                throw new CommandFault(72, "UpdateOperationFailed", $"couldn't find doc: _id {id} in {collection.Namespace}");
            }

            return;
        }

        collection.Put(isDelta ? OplogDiff.Apply(before!, update["diff"].AsBsonDocument) : UpdateOperators.Apply(before ?? new BsonDocument("_id", id), update, false));
    }

    /// <summary>An independent copy.</summary>
    public DataState Fork()
    {
        var fork = new DataState();
        foreach (var (ns, collection) in _collections)
        {
            fork._collections[ns] = collection.Fork();
        }

        foreach (var (key, operations) in _open)
        {
            fork._open[key] = [.. operations];
        }

        return fork;
    }

    private FakeCollection Existing(string ns, BsonDocument entry)
    {
        if (!_collections.TryGetValue(ns, out var collection))
        {
            _collections[ns] = collection = new FakeCollection(ns, [], entry.TryGetValue("ui", out var uuid) ? uuid.AsGuid : Guid.NewGuid());
        }

        return collection;
    }

    private void ApplyCommand(string database, BsonDocument body, BsonDocument entry)
    {
        var first = body.GetElement(0);
        string Ns() => $"{database}.{first.Value.AsString}";
        switch (first.Name)
        {
            case "create":
                var options = new BsonDocument(body.Elements.Where(element => element.Name is not ("create" or "idIndex")));
                _collections.TryAdd(Ns(), new FakeCollection(Ns(), options, entry.TryGetValue("ui", out var uuid) ? uuid.AsGuid : Guid.NewGuid()));
                break;
            case "drop":
                _collections.Remove(Ns());
                break;
            case "dropDatabase":
                foreach (var collection in InDatabase(database).ToList())
                {
                    _collections.Remove(collection.Namespace);
                }

                break;
            case "createIndexes":
                var index = new BsonDocument(body.Elements.Where(element => element.Name != "createIndexes"));
                var owner = Existing(Ns(), entry);
                owner.Indexes.RemoveAll(existing => existing["name"] == index["name"]);
                owner.Indexes.Add(index);
                break;
            case "dropIndexes":
                Find(Ns())?.Indexes.RemoveAll(existing => existing["name"] == body["index"] && existing["name"] != "_id_");
                break;
            case "collMod":
                var changes = body.Elements.Where(element => element.Name != "collMod");
                var changed = Existing(Ns(), entry);
                changed.Options = new BsonDocument(changed.Options).Merge(new BsonDocument(changes), true);
                break;
            case "renameCollection":
                if (_collections.Remove(first.Value.AsString, out var renamed))
                {
                    renamed.Namespace = body["to"].AsString;
                    _collections[renamed.Namespace] = renamed;
                }

                break;
            case "applyOps":
                ApplyTransactionPart(body, entry);
                break;
            case "commitTransaction":
                Finish(entry, apply: true);
                break;
            case "abortTransaction":
                Finish(entry, apply: false);
                break;
        }
    }

    // A large transaction is a chain of applyOps entries, all but the last with partialTxn; a prepared one waits for its commitTransaction entry.
    private void ApplyTransactionPart(BsonDocument body, BsonDocument entry)
    {
        var operations = body["applyOps"].AsBsonArray.Select(operation => operation.AsBsonDocument);
        var isOpen = body.GetValue("partialTxn", false).ToBoolean() || body.GetValue("prepare", false).ToBoolean();
        if (!entry.Contains("lsid"))
        {
            foreach (var operation in operations)
            {
                Apply(operation);
            }

            return;
        }

        var key = (entry["lsid"], entry["txnNumber"]);
        if (!_open.TryGetValue(key, out var gathered))
        {
            _open[key] = gathered = [];
        }

        gathered.AddRange(operations);
        NoteTransaction(entry, body.GetValue("prepare", false).ToBoolean() ? "prepared" : "inProgress");
        if (!isOpen)
        {
            Finish(entry, apply: true);
        }
    }

    // config.transactions tells where an open transaction began; a backup looks there for how far back its oplog must reach.
    private void NoteTransaction(BsonDocument entry, string state)
    {
        var table = Existing("config.transactions", []);
        var row = table.Find(entry["lsid"]);
        var start = row is not null && row["txnNum"] == entry["txnNumber"] && row.Contains("startOpTime") ? row["startOpTime"] : OpTimeOf(entry);
        table.Put(new BsonDocument { { "_id", entry["lsid"] }, { "txnNum", entry["txnNumber"] }, { "state", state }, { "lastWriteOpTime", OpTimeOf(entry) }, { "startOpTime", start } });
        if (state is "committed" or "aborted")
        {
            table.Find(entry["lsid"])!.Remove("startOpTime");
        }
    }

    private static BsonDocument OpTimeOf(BsonDocument entry) => new() { { "ts", entry["ts"] }, { "t", entry["t"] } };

    private void Finish(BsonDocument entry, bool apply)
    {
        NoteTransaction(entry, apply ? "committed" : "aborted");
        if (_open.Remove((entry["lsid"], entry["txnNumber"]), out var operations) && apply)
        {
            operations.ForEach(Apply);
        }
    }
}

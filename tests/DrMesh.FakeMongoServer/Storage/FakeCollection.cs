using MongoDB.Bson;

namespace DrMesh.FakeMongoServer.Storage;

/// <summary>A collection's documents in the order they came, its options and indexes. Not safe for several threads.</summary>
internal sealed class FakeCollection(string ns, BsonDocument options, Guid uuid)
{
    private readonly SortedDictionary<long, BsonDocument> _records = [];
    private readonly Dictionary<BsonValue, long> _ids = [];
    private long _next = 1;
    private long _bytes;

    public string Namespace { get; set; } = ns;

    /// <summary>As given to <c>create</c>.</summary>
    public BsonDocument Options { get; set; } = options;

    public Guid Uuid { get; } = uuid;

    /// <summary>Index specifications, <c>_id_</c> first.</summary>
    public List<BsonDocument> Indexes { get; } = [IdIndex()];

    public int Count => _records.Count;

    public bool IsView => Options.Contains("viewOn");

    public bool IsCapped => Options.GetValue("capped", false).ToBoolean();

    /// <summary>The documents in the order they came.</summary>
    public IEnumerable<BsonDocument> Documents => _records.Values;

    public BsonDocument? Find(BsonValue id) => _ids.TryGetValue(id, out var record) ? _records[record] : null;

    /// <summary>The next documents after a record; what is written meanwhile is seen, as on a server.</summary>
    public IEnumerable<(long Record, BsonDocument Document)> After(long record) =>
        _records.Where(pair => pair.Key > record).Select(pair => (pair.Key, pair.Value));

    /// <summary>The number of the oldest record; of the next one when there is none.</summary>
    public long FirstRecord => _records.Count > 0 ? _records.First().Key : _next;

    /// <summary>Inserts, or replaces the document of the same <c>_id</c> at its place.</summary>
    public void Put(BsonDocument document)
    {
        var id = document["_id"];
        if (_ids.TryGetValue(id, out var record))
        {
            _bytes -= _records[record].ToBson().Length;
        }
        else
        {
            _ids[id] = record = _next++;
        }

        _records[record] = document;
        if (IsCapped)
        {
            _bytes += document.ToBson().Length;
            while (_records.Count > 1 && (_bytes > Options.GetValue("size", long.MaxValue).ToInt64() || _records.Count > Options.GetValue("max", long.MaxValue).ToInt64()))
            {
                Remove(_records.First().Value["_id"]);
            }
        }
    }

    public void Remove(BsonValue id)
    {
        if (_ids.Remove(id, out var record))
        {
            if (IsCapped)
            {
                _bytes -= _records[record].ToBson().Length;
            }

            _records.Remove(record);
        }
    }

    /// <summary>Whether putting the document would break a unique index.</summary>
    public void CheckUnique(BsonDocument document)
    {
        foreach (var index in Indexes.Where(index => index.GetValue("unique", false).ToBoolean()))
        {
            var key = KeyOf(index, document);
            if (_records.Values.Any(other => other["_id"] != document["_id"] && KeyOf(index, other) == key))
            {
                throw CommandFault.DuplicateKey(Namespace, index["name"].AsString, key);
            }
        }
    }

    /// <summary>An independent copy; documents are shared, they are never changed in place.</summary>
    public FakeCollection Fork()
    {
        var fork = new FakeCollection(Namespace, Options, Uuid) { _next = _next, _bytes = _bytes };
        foreach (var (record, document) in _records)
        {
            fork._records.Add(record, document);
            fork._ids.Add(document["_id"], record);
        }

        fork.Indexes.Clear();
        fork.Indexes.AddRange(Indexes);
        return fork;
    }

    private static BsonDocument IdIndex() => new() { { "v", 2 }, { "key", new BsonDocument("_id", 1) }, { "name", "_id_" } };

    private static BsonDocument KeyOf(BsonDocument index, BsonDocument document) =>
        new(index["key"].AsBsonDocument.Names.Select(path => new BsonElement(path, Matcher.Resolve(document, path) ?? BsonNull.Value)));
}

using MongoDB.Bson;

namespace DrMesh.Engines.MongoDb.Restore;

/// <summary>
/// Holds the operations of transactions until they are decided: a large one is a chain of <c>applyOps</c> entries, all but the last with <c>partialTxn</c>; a prepared one waits for
/// its <c>commitTransaction</c> or <c>abortTransaction</c>. What is undecided at the end is left out as a whole.
/// </summary>
internal sealed class TransactionBuffer
{
    private readonly Dictionary<(BsonValue Session, BsonValue Number), List<BsonDocument>> _open = [];
    private long _aborted;

    /// <summary>Transactions that were aborted or never decided.</summary>
    public long LeftOut => _aborted + _open.Count;

    /// <summary>Takes an <c>applyOps</c>, <c>commitTransaction</c> or <c>abortTransaction</c> entry. Returns the operations to apply now; null: none yet.</summary>
    public IReadOnlyList<BsonDocument>? Take(BsonDocument entry)
    {
        var body = entry["o"].AsBsonDocument;
        var name = body.GetElement(0).Name;
        if (!entry.Contains("txnNumber"))
        {
            return name == "applyOps" ? [.. Operations(body)] : null;
        }

        var key = (entry["lsid"], entry["txnNumber"]);
        if (name == "abortTransaction")
        {
            _aborted += _open.Remove(key) ? 1 : 0;
            return null;
        }

        if (name == "commitTransaction")
        {
            return _open.Remove(key, out var prepared) ? prepared : null;
        }

        if (!_open.TryGetValue(key, out var gathered))
        {
            _open[key] = gathered = [];
        }

        gathered.AddRange(Operations(body));
        if (body.GetValue("partialTxn", false).ToBoolean() || body.GetValue("prepare", false).ToBoolean())
        {
            return null;
        }

        _open.Remove(key);
        return gathered;
    }

    private static IEnumerable<BsonDocument> Operations(BsonDocument body) => body["applyOps"].AsBsonArray.Select(operation => operation.AsBsonDocument);
}

using DrMesh.Core.Backups.MongoDb;
using DrMesh.Engines.MongoDb.Backup;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;
using MongoDB.Driver;

namespace DrMesh.Engines.MongoDb.Restore;

/// <summary>
/// Replays operations with the server's own <c>applyOps</c>: an insert of a document that is there replaces it, a delete of one that is not there is nothing, so that replaying
/// from before the data was read ends in the same state. Within the backup's window a document to update may be missing, since it was deleted later in the window, before its
/// collection was read; after the window that is a fault.
/// </summary>
internal sealed class OplogReplay(IMongoClient target, Catalogue catalogue, MongoRestoreRequest request, OpTime windowEnd)
{
    private const int LargestBatch = 500;
    private const int LargestBatchBytes = 8 << 20;
    private const int NamespaceNotFound = 26;
    private const int NamespaceExists = 48;
    private const int UpdateOperationFailed = 72;
    private readonly IMongoDatabase _admin = target.GetDatabase("admin").WithWriteConcern(WriteConcern.WMajority);
    private readonly TransactionBuffer _transactions = new();
    private readonly List<(OpTime Position, BsonDocument Operation)> _batch = [];
    private int _batchBytes;

    /// <summary>The last operation taken.</summary>
    public OpTime Reached { get; private set; }

    /// <summary>Operations applied, those of transactions counted each.</summary>
    public long Replayed { get; private set; }

    /// <summary>Transactions that were aborted or not committed by the last operation.</summary>
    public long TransactionsLeftOut => _transactions.LeftOut;

    /// <summary>Takes the next operation of the oplog.</summary>
    public async Task AddAsync(byte[] bytes, CancellationToken cancellationToken)
    {
        using var raw = RawBson.Wrap(bytes);
        var position = BsonOpTime.Of(raw);
        if (raw["op"] == "c" && (raw["o"].AsBsonDocument.GetElement(0).Name is "applyOps" or "commitTransaction" or "abortTransaction"))
        {
            foreach (var operation in _transactions.Take(BsonSerializer.Deserialize<BsonDocument>(bytes)) ?? [])
            {
                await AddAsync(position, operation, cancellationToken);
            }
        }
        else
        {
            await AddAsync(position, BsonSerializer.Deserialize<BsonDocument>(bytes), cancellationToken);
        }

        Reached = position;
    }

    /// <summary>Applies what is gathered.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_batch.Count == 0)
        {
            return;
        }

        try
        {
            await ApplyAsync(_batch.Select(item => item.Operation), cancellationToken);
        }
        catch (MongoCommandException) when (_batch.Count > 1)
        {
            // One of them failed; applied again one by one each ends in the same state, and the one that fails is known.
            foreach (var item in _batch)
            {
                await ApplyOneAsync(item.Position, item.Operation, cancellationToken);
            }
        }
        catch (MongoCommandException exception)
        {
            Judge(exception, _batch[0].Position, _batch[0].Operation);
        }

        Replayed += _batch.Count;
        _batch.Clear();
        _batchBytes = 0;
    }

    private async Task AddAsync(OpTime position, BsonDocument operation, CancellationToken cancellationToken)
    {
        var ns = operation["ns"].AsString;
        var kind = operation["op"].AsString;
        if (kind == "n" || !Belongs(ns))
        {
            return;
        }

        if (kind == "c")
        {
            await FlushAsync(cancellationToken);
            await CommandAsync(position, Namespaces.Database(ns), operation["o"].AsBsonDocument, cancellationToken);
            return;
        }

        if (Namespaces.Collection(ns) == "system.views")
        {
            catalogue.ApplyView(kind, operation["o"].AsBsonDocument);
            return;
        }

        // The restored collection has an identity of its own: the entry's (ui) names the source's.
        var applied = new BsonDocument { { "op", kind }, { "ns", ns }, { "o", operation["o"] } };
        if (kind == "u")
        {
            applied["o2"] = operation["o2"];
        }

        var length = applied.ToBson().Length;
        if (_batch.Count >= LargestBatch || _batchBytes + length > LargestBatchBytes)
        {
            await FlushAsync(cancellationToken);
        }

        _batch.Add((position, applied));
        _batchBytes += length;
    }

    private bool Belongs(string ns)
    {
        var name = Namespaces.Database(ns);
        var collection = Namespaces.Collection(ns);
        return (request.Database is null || name == request.Database)
            && (collection == "$cmd" ? SystemNamespaces.IsBackedUp(name) : SystemNamespaces.IsBackedUp(name, collection) || collection == "system.views");
    }

    private async Task CommandAsync(OpTime position, string owner, BsonDocument command, CancellationToken cancellationToken)
    {
        var isNew = command.GetElement(0) is { Name: "create" } create && !catalogue.Knows($"{owner}.{create.Value.AsString}");
        if (!catalogue.Apply(owner, command))
        {
            return;
        }

        if (isNew)
        {
            await CreateAsync(position, owner, command, cancellationToken);
            return;
        }

        var sent = new BsonDocument(command.Elements.Where(element => element.Name != "idIndex"));
        if (sent.GetElement(0).Name == "renameCollection" && sent.TryGetValue("dropTarget", out var dropped) && !dropped.IsBoolean)
        {
            // In the oplog it is the identity of the collection that was replaced.
            sent["dropTarget"] = true;
        }

        await ApplyOneAsync(position, new BsonDocument { { "op", "c" }, { "ns", $"{owner}.$cmd" }, { "o", sent } }, cancellationToken);
        Replayed++;
    }

    // Nothing of this name is part of the restore yet: what the target has is from before it.
    private async Task CreateAsync(OpTime position, string owner, BsonDocument command, CancellationToken cancellationToken)
    {
        const string BucketsPrefix = "system.buckets.";
        var name = command[0].AsString;
        var isSeries = name.StartsWith(BucketsPrefix, StringComparison.Ordinal);
        name = isSeries ? name[BucketsPrefix.Length..] : name;
        var options = command.Elements.Where(element => element.Name is not ("create" or "idIndex") && (!isSeries || element.Name is "timeseries" or "expireAfterSeconds"));
        var database = target.GetDatabase(owner).WithWriteConcern(WriteConcern.WMajority);
        try
        {
            if (request.DropExisting)
            {
                await database.DropCollectionAsync(name, cancellationToken);
            }

            await database.RunCommandAsync<BsonDocument>(new BsonDocument("create", name).AddRange(options), cancellationToken: cancellationToken);
        }
        catch (MongoCommandException exception)
        {
            throw MongoErrors.Replay(position, $"{owner}.{name}", exception.Message);
        }

        Replayed++;
    }

    private async Task ApplyOneAsync(OpTime position, BsonDocument operation, CancellationToken cancellationToken)
    {
        try
        {
            await ApplyAsync([operation], cancellationToken);
        }
        catch (MongoCommandException exception)
        {
            Judge(exception, position, operation);
        }
    }

    private Task<BsonDocument> ApplyAsync(IEnumerable<BsonDocument> operations, CancellationToken cancellationToken) =>
        _admin.RunCommandAsync<BsonDocument>(
            new BsonDocument { { "applyOps", new BsonArray(operations) }, { "writeConcern", new BsonDocument("w", "majority") } }, cancellationToken: cancellationToken);

    private void Judge(MongoCommandException exception, OpTime position, BsonDocument operation)
    {
        var isRepeated = operation["op"] == "c" && (exception.Code is NamespaceExists or NamespaceNotFound);
        var isInWindow = position <= windowEnd && (exception.Code is UpdateOperationFailed or NamespaceNotFound);
        if (!isRepeated && !isInWindow)
        {
            throw MongoErrors.Replay(position, operation["ns"].AsString, exception.Message);
        }
    }
}

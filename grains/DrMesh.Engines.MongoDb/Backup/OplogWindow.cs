using DrMesh.Core.Backups;
using DrMesh.Core.Backups.MongoDb;
using DrMesh.Engines.MongoDb.Oplog;
using MongoDB.Bson;
using MongoDB.Driver;

namespace DrMesh.Engines.MongoDb.Backup;

/// <summary>Records the oplog of a backup's window while the data is read, so that it cannot be cut off behind it.</summary>
internal sealed class OplogWindow(IMongoClient member, string host, OplogWindow.Beginning beginning)
{
    private readonly TaskCompletionSource<OpTime> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private OpTime _reached;

    /// <summary>Where a window begins; at a transaction's first operation, that one belongs to it.</summary>
    internal readonly record struct Beginning(OpTime Position, bool IsTransaction);

    /// <summary>The window's beginning: the majority's position now, or before the oldest transaction that is open now, whose operations lie before it.</summary>
    public static async Task<Beginning> StartAsync(IMongoClient member, OpTime committed, CancellationToken cancellationToken)
    {
        var transactions = member.GetDatabase("config").GetCollection<BsonDocument>("transactions");
        var open = new BsonDocument("state", new BsonDocument("$in", new BsonArray { "prepared", "inProgress" }));
        using var cursor = await transactions.FindAsync(open, cancellationToken: cancellationToken);
        var starts = (await cursor.ToListAsync(cancellationToken)).Where(row => row.Contains("startOpTime")).Select(row => BsonOpTime.Of(row["startOpTime"].AsBsonDocument));
        return starts.Order().Select(position => (OpTime?)position).FirstOrDefault() is { } first && first <= committed
            ? new Beginning(first, IsTransaction: true)
            : new Beginning(committed, IsTransaction: false);
    }

    /// <summary>The last operation written; default: none. It can lie beyond <see cref="EndAt"/>: it was committed and written before the end was known.</summary>
    public OpTime Recorded { get; private set; }

    /// <summary>Says that the data is read: the window ends at this position.</summary>
    public void EndAt(OpTime position) => _end.TrySetResult(position);

    /// <summary>Writes operations until the end is known and reached.</summary>
    /// <returns>The number of operations.</returns>
    public async Task<long> RecordAsync(IBackupWriter writer, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var gatherer = new PieceGatherer(writer);
        var chunker = new DocumentChunker(writer, gatherer, DumpPaths.Oplog);
        try
        {
            await foreach (var batch in new OplogReader(member).FollowAsync(beginning.Position, beginning.IsTransaction, cancellationToken))
            {
                var end = _end.Task.IsCompletedSuccessfully ? await _end.Task : (OpTime?)null;
                foreach (var entry in batch.Where(entry => end is null || entry.Position <= end))
                {
                    RefuseRename(entry);
                    await chunker.AddAsync(entry.Bytes, cancellationToken);
                    Recorded = entry.Position;
                }

                _reached = batch.Count > 0 ? batch[^1].Position : _reached;
                if (end is { } last && (beginning.Position >= last || _reached >= last))
                {
                    break;
                }
            }
        }
        catch (OplogPositionLostException exception)
        {
            throw MongoErrors.OplogTooShort(host, exception.Position);
        }

        await chunker.FinishAsync(at, cancellationToken);
        await gatherer.FlushAsync(cancellationToken);
        return chunker.Count;
    }

    private static void RefuseRename(OplogEntry entry)
    {
        using var document = RawBson.Wrap(entry.Bytes);
        if (document["op"].AsString == "c" && document["o"].AsBsonDocument.GetElement(0) is { Name: "renameCollection" } rename)
        {
            throw MongoErrors.Renamed(rename.Value.AsString);
        }
    }
}

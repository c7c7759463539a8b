using DrMesh.Core.Backups;
using DrMesh.Core.Backups.MongoDb;
using DrMesh.Engines.MongoDb.Oplog;
using MongoDB.Bson;
using MongoDB.Driver;

namespace DrMesh.Engines.MongoDb.Backup;

/// <summary>Records the oplog of a backup's window while the data is read, so that it cannot be cut off behind it.</summary>
internal sealed class OplogWindow(IMongoClient member, string host, OpTime start)
{
    private readonly TaskCompletionSource<OpTime> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private OpTime _reached;

    /// <summary>The window's beginning: the majority's position now, or before the oldest transaction that is open now, whose operations lie before it.</summary>
    public static async Task<OpTime> StartAsync(IMongoClient member, OpTime committed, CancellationToken cancellationToken)
    {
        var transactions = member.GetDatabase("config").GetCollection<BsonDocument>("transactions");
        var open = new BsonDocument("state", new BsonDocument("$in", new BsonArray { "prepared", "inProgress" }));
        using var cursor = await transactions.FindAsync(open, cancellationToken: cancellationToken);
        var starts = (await cursor.ToListAsync(cancellationToken)).Where(row => row.Contains("startOpTime")).Select(row => BsonOpTime.Of(row["startOpTime"].AsBsonDocument));
        return starts.Append(committed).Min();
    }

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
            await foreach (var batch in new OplogReader(member).FollowAsync(start, cancellationToken))
            {
                var end = _end.Task.IsCompletedSuccessfully ? await _end.Task : (OpTime?)null;
                foreach (var entry in batch.Where(entry => end is null || entry.Position <= end))
                {
                    RefuseRename(entry);
                    await chunker.AddAsync(entry.Bytes, cancellationToken);
                }

                _reached = batch.Count > 0 ? batch[^1].Position : _reached;
                if (end is { } last && (start >= last || _reached >= last))
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

using System.Runtime.CompilerServices;
using DrMesh.Core.Backups.MongoDb;
using DrMesh.Engines.MongoDb.ReplicaSet;
using MongoDB.Bson;
using MongoDB.Driver;

namespace DrMesh.Engines.MongoDb.Oplog;

/// <summary>An operation of the oplog as it lies there.</summary>
/// <param name="Position">Its position.</param>
/// <param name="Bytes">Its raw BSON.</param>
internal sealed record OplogEntry(OpTime Position, byte[] Bytes);

/// <summary>
/// Follows one member's oplog from a position on, up to what a majority has. A newer operation waits: it may still be rolled back, and then the connection ends before it was given
/// out. The position itself must be in the oplog with its term, or nothing is given: what follows would not follow.
/// </summary>
internal sealed class OplogReader(IMongoClient member)
{
    private static readonly TimeSpan AwaitTime = TimeSpan.FromMilliseconds(200);

    /// <summary>Batches of operations after <paramref name="from"/>, without end; an empty batch says that there is nothing new.</summary>
    /// <param name="from">The position; must be in the oplog.</param>
    /// <param name="withFirst">Whether the operation at the position is given too.</param>
    /// <param name="cancellationToken">Ends following.</param>
    /// <exception cref="OplogPositionLostException">The position is not, or no longer, in this oplog.</exception>
    /// <exception cref="MongoException">The member is away, or the cursor was lost.</exception>
    public async IAsyncEnumerable<IReadOnlyList<OplogEntry>> FollowAsync(OpTime from, bool withFirst, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var oplog = member.GetDatabase("local").GetCollection<RawBsonDocument>("oplog.rs");
        var options = new FindOptions<RawBsonDocument> { CursorType = CursorType.TailableAwait, MaxAwaitTime = AwaitTime, BatchSize = 1000, NoCursorTimeout = true };
        using var cursor = await FindAsync(oplog, from, options, cancellationToken);
        var isPositionSeen = false;
        var waiting = new List<OplogEntry>();
        while (await MoveNextAsync(cursor, from, cancellationToken))
        {
            foreach (var document in cursor.Current)
            {
                using (document)
                {
                    var entry = new OplogEntry(BsonOpTime.Of(document), RawBson.ToBytes(document));
                    if (!isPositionSeen && entry.Position != from)
                    {
                        throw new OplogPositionLostException(from, entry.Position);
                    }

                    if (isPositionSeen || withFirst)
                    {
                        waiting.Add(entry);
                    }

                    isPositionSeen = true;
                }
            }

            if (!isPositionSeen)
            {
                throw new OplogPositionLostException(from, null);
            }

            var committed = await SetObserver.CommittedAsync(member, cancellationToken);
            var count = waiting.TakeWhile(entry => entry.Position <= committed).Count();
            var batch = waiting.GetRange(0, count);
            waiting.RemoveRange(0, count);
            yield return batch;
        }

        throw new OplogPositionLostException(from, null);
    }

    private static async Task<IAsyncCursor<RawBsonDocument>> FindAsync(
        IMongoCollection<RawBsonDocument> oplog, OpTime from, FindOptions<RawBsonDocument> options, CancellationToken cancellationToken) =>
        await oplog.FindAsync(new BsonDocument("ts", new BsonDocument("$gte", from.ToTimestamp())), options, cancellationToken);

    private static async Task<bool> MoveNextAsync(IAsyncCursor<RawBsonDocument> cursor, OpTime from, CancellationToken cancellationToken)
    {
        const int CappedPositionLost = 136;
        try
        {
            return await cursor.MoveNextAsync(cancellationToken);
        }
        catch (MongoCommandException exception) when (exception.Code == CappedPositionLost)
        {
            throw new OplogPositionLostException(from, null);
        }
    }
}

/// <summary>A position is not in a member's oplog: too old, or rolled back. Never leaves the engine.</summary>
internal sealed class OplogPositionLostException(OpTime position, OpTime? found) : Exception(
    found is { } next ? $"{position} is not in the oplog, the next operation there is {next}" : $"{position} is not in the oplog")
{
    public OpTime Position => position;
}

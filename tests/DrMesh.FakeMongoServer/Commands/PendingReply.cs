using DrMesh.FakeMongoServer.Replication;
using MongoDB.Bson;

namespace DrMesh.FakeMongoServer.Commands;

/// <summary>A reply that may have to wait for the set to change: new oplog entries, a write reaching the majority.</summary>
/// <param name="TryComplete">Called under the set's lock, again after each change; the argument says that the time is up, and then it must answer. Null: not yet.</param>
/// <param name="Patience">How long it may wait.</param>
internal sealed record PendingReply(Func<bool, BsonDocument?> TryComplete, TimeSpan Patience)
{
    public static PendingReply Now(BsonDocument reply) => new(_ => reply, TimeSpan.Zero);

    public async Task<BsonDocument> CompleteAsync(FakeMember member, CancellationToken cancellationToken)
    {
        var started = member.Set.Time.GetTimestamp();
        while (true)
        {
            var (reply, changed) = member.Set.Locked(() => (TryComplete(member.Set.Time.GetElapsedTime(started) >= Patience), member.Set.Changed));
            if (reply is not null)
            {
                return reply;
            }

            var left = Patience - member.Set.Time.GetElapsedTime(started);
            using var timeUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var timer = Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, member.Set.Time, timeUp.Token);
            await Task.WhenAny(changed, timer);
            await timeUp.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}

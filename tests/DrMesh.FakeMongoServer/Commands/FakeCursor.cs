using DrMesh.FakeMongoServer.Replication;
using MongoDB.Bson;

namespace DrMesh.FakeMongoServer.Commands;

/// <summary>An open cursor: gives the next documents, at most so many.</summary>
internal sealed class FakeCursor(string ns, bool isTailable, Func<FakeMember, int, (List<BsonDocument> Documents, bool IsExhausted)> next)
{
    public string Namespace => ns;

    public bool IsTailable => isTailable;

    public (List<BsonDocument> Documents, bool IsExhausted) Next(FakeMember member, int count)
    {
        var (documents, isExhausted) = next(member, count);
        return (documents, isExhausted && !isTailable);
    }

    /// <summary>A cursor over documents that are already found.</summary>
    public static FakeCursor Over(string ns, IEnumerable<BsonDocument> documents)
    {
        var left = new Queue<BsonDocument>(documents);
        return new FakeCursor(ns, false, (_, count) =>
        {
            var batch = new List<BsonDocument>();
            while (batch.Count < count && left.TryDequeue(out var document))
            {
                batch.Add(document);
            }

            return (batch, left.Count == 0);
        });
    }
}

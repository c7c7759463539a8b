using DrMesh.Core.Backups.MongoDb;
using MongoDB.Bson;

namespace DrMesh.Engines.MongoDb;

/// <summary>Positions between BSON and Core.</summary>
internal static class BsonOpTime
{
    /// <summary>From <c>{ts, t}</c>, which both an opTime and an oplog entry have.</summary>
    public static OpTime Of(BsonDocument document)
    {
        var timestamp = document["ts"].AsBsonTimestamp;
        return new OpTime((uint)timestamp.Timestamp, (uint)timestamp.Increment, document.TryGetValue("t", out var term) ? term.ToInt64() : -1);
    }

    public static BsonTimestamp ToTimestamp(this OpTime time) => new((int)time.Seconds, (int)time.Increment);
}

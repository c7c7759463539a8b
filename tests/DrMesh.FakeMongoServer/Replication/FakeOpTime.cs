using MongoDB.Bson;

namespace DrMesh.FakeMongoServer.Replication;

/// <summary>A position in an oplog: timestamp and term. Ordered by term, then timestamp, as elections compare them.</summary>
public readonly record struct FakeOpTime(BsonTimestamp Timestamp, long Term) : IComparable<FakeOpTime>
{
    /// <summary>Before everything.</summary>
    public static readonly FakeOpTime None = new(new BsonTimestamp(0, 0), -1);

    /// <inheritdoc/>
    public int CompareTo(FakeOpTime other)
    {
        var order = Term.CompareTo(other.Term);
        return order != 0 ? order : Timestamp.CompareTo(other.Timestamp);
    }

    public static bool operator <(FakeOpTime left, FakeOpTime right) => left.CompareTo(right) < 0;

    public static bool operator >(FakeOpTime left, FakeOpTime right) => left.CompareTo(right) > 0;

    public static bool operator <=(FakeOpTime left, FakeOpTime right) => left.CompareTo(right) <= 0;

    public static bool operator >=(FakeOpTime left, FakeOpTime right) => left.CompareTo(right) >= 0;

    internal static FakeOpTime Of(BsonDocument entry) => new(entry["ts"].AsBsonTimestamp, entry["t"].ToInt64());

    internal BsonDocument ToDocument() => new() { { "ts", Timestamp }, { "t", Term } };
}

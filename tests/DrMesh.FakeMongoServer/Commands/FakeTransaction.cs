using DrMesh.FakeMongoServer.Storage;
using MongoDB.Bson;

namespace DrMesh.FakeMongoServer.Commands;

/// <summary>An open transaction: reads its own fork of the data, gathers its operations.</summary>
internal sealed class FakeTransaction(long number, DataState snapshot)
{
    public long Number => number;

    public DataState State { get; } = snapshot.Fork();

    public DataState Snapshot => snapshot;

    public List<BsonDocument> Operations { get; } = [];

    /// <summary>Whether it was prepared: its operations are in the oplog and wait for the decision.</summary>
    public bool IsPrepared { get; set; }

    public bool IsCommitted { get; set; }

    public void Add(BsonDocument operation)
    {
        Operations.Add(operation);
        State.Apply(operation);
    }
}

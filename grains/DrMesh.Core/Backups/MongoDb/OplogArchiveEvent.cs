using DrMesh.Contracts.Errors;

namespace DrMesh.Core.Backups.MongoDb;

/// <summary>What happened to an oplog archive.</summary>
public enum OplogArchiveEventKind
{
    /// <summary>A slice is in the store.</summary>
    Stored = 0,

    /// <summary>The store is away; slices gather in memory, then on disk.</summary>
    StoreFailed = 1,

    /// <summary>The member it read from is away or rolled back; another is taken.</summary>
    SourceLost = 2,

    /// <summary>Operations are gone from every oplog before they were archived: a new backup is needed.</summary>
    Hole = 3,
}

/// <summary>One thing that happened to an oplog archive.</summary>
public sealed record OplogArchiveEvent
{
    /// <summary>What.</summary>
    public required OplogArchiveEventKind Kind { get; init; }

    /// <summary>The slice stored; for a hole from the last archived operation to the first that is there.</summary>
    public OplogSliceName Slice { get; init; }

    /// <summary>Operations in the slice.</summary>
    public long Operations { get; init; }

    /// <summary>Bytes that wait in memory and on disk.</summary>
    public long WaitingBytes { get; init; }

    /// <summary>Why, for failures.</summary>
    public DrMeshException? Failure { get; init; }
}

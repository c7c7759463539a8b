namespace DrMesh.Core.Backups.MongoDb;

/// <summary>What a restore did.</summary>
public sealed record MongoRestoreReport
{
    /// <summary>The last operation that is part of the restored data: the last replayed, or the backup's position.</summary>
    public required OpTime Reached { get; init; }

    /// <summary>Collections with data.</summary>
    public required long Collections { get; init; }

    /// <summary>Documents loaded from the backup.</summary>
    public required long Documents { get; init; }

    /// <summary>Operations replayed.</summary>
    public required long Replayed { get; init; }

    /// <summary>Transactions left out since their commit is after the target, or since they were aborted.</summary>
    public required long TransactionsLeftOut { get; init; }

    /// <summary>Indexes built.</summary>
    public required long Indexes { get; init; }

    /// <summary>What must be known, one sentence each; empty: nothing.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

namespace DrMesh.Core.Backups.MongoDb;

/// <summary>What to back up.</summary>
public sealed record MongoBackupRequest
{
    /// <summary>The backup to make; its engine is <c>mongodb</c>.</summary>
    public required BackupDraft Draft { get; init; }

    /// <summary>The set.</summary>
    public required MongoAddress Address { get; init; }

    /// <summary>Which member may be read.</summary>
    public MongoSourcePolicy Source { get; init; } = new();

    /// <summary>Collections read at once; 0: two a processor (reading waits for the server, storing for the processor).</summary>
    public int Parallelism { get; init; }
}

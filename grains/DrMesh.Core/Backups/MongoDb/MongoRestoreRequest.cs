using DrMesh.Contracts.Backups;

namespace DrMesh.Core.Backups.MongoDb;

/// <summary>What to restore, where to, up to when.</summary>
public sealed record MongoRestoreRequest
{
    /// <summary>The backup.</summary>
    public required BackupId Backup { get; init; }

    /// <summary>The set to restore into.</summary>
    public required MongoAddress Target { get; init; }

    /// <summary>
    /// The last operation to replay; null: the backup's own position. A transaction that is not committed by then is left out as a whole.
    /// </summary>
    public OpTime? Until { get; init; }

    /// <summary>Instead of <see cref="Until"/>: the operations up to this moment by the wall clock that the primary wrote beside each, which counts milliseconds. Null: not by time.</summary>
    public DateTimeOffset? UntilTime { get; init; }

    /// <summary>The tier whose oplog archive is read; null: the repository's first.</summary>
    public string? Tier { get; init; }

    /// <summary>One database only; null: all. Users and roles are restored with all only.</summary>
    public string? Database { get; init; }

    /// <summary>Collections of the backup that the target has are dropped first; otherwise a target that has any is refused.</summary>
    public bool DropExisting { get; init; }

    /// <summary>Collections restored at once; 0: one a processor.</summary>
    public int Parallelism { get; init; }
}

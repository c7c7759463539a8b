using DrMesh.Contracts.Backups;

namespace DrMesh.Core.Backups.PostgreSql;

/// <summary>What to back up and how.</summary>
public sealed record PostgresBackupRequest
{
    /// <summary>The backup's name: the key under which a repeated call finds that it is done, or reuses what a killed one stored.</summary>
    public required BackupId Id { get; init; }

    /// <summary>The cluster; the source's name in the repository.</summary>
    public required string Cluster { get; init; }

    /// <summary>The backup to build on; null: the newest of the same cluster that fits, or none.</summary>
    public BackupId? Parent { get; init; }

    /// <summary>Read and store everything, whatever earlier backups hold.</summary>
    public bool IsFull { get; init; }

    /// <summary>Zstandard level, 1 to 19.</summary>
    public int CompressionLevel { get; init; } = 3;

    /// <summary>Workers; 0: one a processor.</summary>
    public int Parallelism { get; init; }

    /// <summary>Whether the checkpoint at the beginning is made at once; else it is spread as <c>checkpoint_completion_target</c> says.</summary>
    public bool FastCheckpoint { get; init; } = true;

    /// <summary>
    /// Whether the WAL from start to stop goes into the backup, so that it restores without an archive. Without it the caller makes sure that the archive reaches the stop.
    /// </summary>
    public bool IncludeWal { get; init; } = true;

    /// <summary>Labels kept in the manifest.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
}

using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Restores;

namespace DrMesh.Core.Restores.PostgreSql;

/// <summary>What to restore, where to, and how far to recover.</summary>
public sealed record PostgresRestoreRequest
{
    /// <summary>The base backup.</summary>
    public required BackupId Backup { get; init; }

    /// <summary>The directory that becomes the data directory.</summary>
    public required string TargetDirectory { get; init; }

    /// <summary>How far to recover.</summary>
    public required RecoveryTarget Target { get; init; }

    /// <summary>Where tablespaces go: original location to new one; one that is not named goes back to its own location.</summary>
    public IReadOnlyDictionary<string, string> TablespaceMap { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether the target may hold files: only differing blocks are written then, and what the backup does not know is removed.</summary>
    public bool IsDelta { get; init; }

    /// <summary>The port the restored server listens on; null: as the backup has it.</summary>
    public int? Port { get; init; }

    /// <summary>
    /// The command by which the restored server fetches WAL (<c>restore_command</c>, with <c>%f</c> and <c>%p</c>); null: DrMesh feeds it while it runs, and replay fails, rather than
    /// ends early, when DrMesh goes away.
    /// </summary>
    public string? RestoreCommand { get; init; }

    /// <summary>Whether the restored server goes on archiving as the original did. Left off, a test restore cannot write its own timeline among the original's WAL.</summary>
    public bool KeepsArchiving { get; init; }

    /// <summary>Whether the restored server stays a standby at the end of what is archived, whatever the target says, instead of ending its recovery.</summary>
    public bool StaysStandby { get; init; }

    /// <summary>Further settings, name to value; they override the backup's.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Workers; 0: one a processor.</summary>
    public int Parallelism { get; init; }
}

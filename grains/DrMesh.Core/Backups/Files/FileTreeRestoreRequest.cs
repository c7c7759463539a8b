using DrMesh.Contracts.Backups;

namespace DrMesh.Core.Backups.Files;

/// <summary>What to restore of a snapshot, and where.</summary>
public sealed record FileTreeRestoreRequest
{
    /// <summary>The snapshot.</summary>
    public required BackupId Backup { get; init; }

    /// <summary>The directory that becomes the tree's top; created if missing. Must be empty unless <see cref="Delta"/>.</summary>
    public required string TargetDirectory { get; init; }

    /// <summary>Paths from the top; a directory brings all that is under it. Empty: everything.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>
    /// The target may hold files: only differing ranges are written. What the snapshot does not know is removed when everything is
    /// restored; with <see cref="Paths"/> nothing is removed.
    /// </summary>
    public bool Delta { get; init; }

    /// <summary>Workers; 0: one a processor.</summary>
    public int Parallelism { get; init; }
}

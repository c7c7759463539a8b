namespace DrMesh.Core.Backups;

/// <summary>What to restore and where.</summary>
public sealed record RestoreRequest
{
    /// <summary>The directory that becomes the backup's top; created if it is missing. Must be empty unless <see cref="Delta"/>.</summary>
    public required string TargetDirectory { get; init; }

    /// <summary>
    /// Where roots (tablespaces) go: a <see cref="BackupRoot.Location"/> or <see cref="BackupRoot.Path"/> to the new absolute directory; a root that is not named goes back to its own location.
    /// </summary>
    public IReadOnlyDictionary<string, string> RootMap { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// The target may hold files: each is compared with the backup, only differing ranges are written, and what the backup does not know is removed from the target
    /// and its roots. The target's previous user must be stopped.
    /// </summary>
    public bool Delta { get; init; }

    /// <summary>Which paths; null: all. With <see cref="Delta"/>, paths left out here are not touched.</summary>
    public Predicate<BackupFile>? Filter { get; init; }

    /// <summary>
    /// A path without which nobody takes the target for whole, such as a database's control file: removed first, written when all else is there and synced. Null: none.
    /// </summary>
    public string? LastPath { get; init; }

    /// <summary>Workers; 0: one a processor.</summary>
    public int Parallelism { get; init; }

    /// <summary>The user (and that user's group) who gets the files when this process is root; null: the names in the backup.</summary>
    public string? Owner { get; init; }
}

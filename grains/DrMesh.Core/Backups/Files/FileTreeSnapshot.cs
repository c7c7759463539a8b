namespace DrMesh.Core.Backups.Files;

/// <summary>A committed snapshot.</summary>
public sealed record FileTreeSnapshot
{
    /// <summary>The backup.</summary>
    public required BackupCommit Commit { get; init; }

    /// <summary>The checksum of what was recorded; also among the backup's facts as <see cref="FileTreeFacts.Checksum"/>.</summary>
    public required FileTreeChecksum Checksum { get; init; }

    /// <summary>Files whose content was taken from the parent without reading.</summary>
    public required long Unchanged { get; init; }

    /// <summary>Paths that should be in the backup and are not, since they could not be read; each is also named in a warning of the backup.</summary>
    public required long Unreadable { get; init; }

    /// <summary>Paths that still changed when their attempts were used up: what is recorded of them may mix two states. Each is named in a warning.</summary>
    public required long Unsettled { get; init; }
}

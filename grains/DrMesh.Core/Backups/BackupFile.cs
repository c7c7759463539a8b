namespace DrMesh.Core.Backups;

/// <summary>What kind of thing a path of a backup is.</summary>
public enum BackupFileKind
{
    /// <summary>A regular file.</summary>
    File = 0,

    /// <summary>A directory.</summary>
    Directory = 1,

    /// <summary>A symbolic link.</summary>
    SymbolicLink = 2,
}

/// <summary>One path of a backup: its metadata and where its content lies. Self-contained: it names chunks of older backups directly.</summary>
public sealed record BackupFile
{
    /// <summary>Relative to the backup's top, separated by <c>/</c>, without a leading one and without <c>.</c> or <c>..</c>; unique in the backup.</summary>
    public required string Path { get; init; }

    /// <summary>What kind of thing it is.</summary>
    public BackupFileKind Kind { get; init; }

    /// <summary>A file's length in bytes, holes included; 0 for others.</summary>
    public long Length { get; init; }

    /// <summary>Permission bits.</summary>
    public UnixFileMode Mode { get; init; }

    /// <summary>Last modification.</summary>
    public DateTimeOffset ModifiedAt { get; init; }

    /// <summary>The owner's name; empty: whoever restores.</summary>
    public string Owner { get; init; } = "";

    /// <summary>The group's name; empty: the owner's or restorer's own.</summary>
    public string Group { get; init; } = "";

    /// <summary>A symbolic link's target as the link holds it; empty for others.</summary>
    public string LinkTarget { get; init; } = "";

    /// <summary>The content: in the order of offsets, without overlap, ending at or before <see cref="Length"/>. <see cref="ExtentMap"/> helps to make it.</summary>
    public ReadOnlyMemory<Extent> Extents { get; init; }

    /// <summary>
    /// Bytes the engine keeps beside the file for its next incremental backup (for PostgreSQL: LSN and checksum of each page), in the
    /// engine's own form; several files may share a chunk. Empty: none.
    /// </summary>
    public ReadOnlyMemory<ChunkSlice> Notes { get; init; }
}

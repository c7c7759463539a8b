namespace DrMesh.Core.Backups.MongoDb;

/// <summary>How an oplog is archived.</summary>
public sealed record OplogArchiveRequest
{
    /// <summary>The set.</summary>
    public required MongoAddress Address { get; init; }

    /// <summary>Which member may be read.</summary>
    public MongoSourcePolicy Source { get; init; } = new();

    /// <summary>A directory of this archive alone, where slices wait while the store is away.</summary>
    public required string SpoolDirectory { get; init; }

    /// <summary>
    /// Where an archive begins that has nothing yet, or whose end is no longer in any oplog: the position of a backup, so that the archive leads on from it. Null: at what a majority has now.
    /// </summary>
    public OpTime? BeginAt { get; init; }

    /// <summary>
    /// Where an archive begins whatever it holds: fills what is missing before it goes on, and may lay slices over those of another archiver, which are one stretch with them. Null: it goes on where it ended.
    /// </summary>
    public OpTime? StartAt { get; init; }

    /// <summary>A slice is closed when its first operation is this old, or when it is full. Bounds what is lost with the set: the recovery point.</summary>
    public TimeSpan SliceAge { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A slice is full at so many bytes.</summary>
    public int SliceBytes { get; init; } = 16 << 20;

    /// <summary>Slices held in memory while the store is away, before they go to disk, bytes.</summary>
    public long MemoryBytes { get; init; } = 64 << 20;

    /// <summary>How much may lie on disk, bytes; then reading stops, and the set's own oplog is the buffer. What was in memory is put there too when an archive ends.</summary>
    public long SpoolBytes { get; init; } = 10L << 30;

    /// <summary>How long it waits before it tries a store or a set again.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);
}

namespace DrMesh.Core.Backups;

/// <summary>How far a restore is.</summary>
/// <param name="DoneBytes">File bytes written or found right.</param>
/// <param name="TotalBytes">File bytes to do, holes left out.</param>
public readonly record struct RestoreProgress(long DoneBytes, long TotalBytes);

/// <summary>What a restore did.</summary>
public sealed record RestoreReport
{
    /// <summary>Paths made or checked.</summary>
    public required long Files { get; init; }

    /// <summary>File bytes of the restored paths, holes left out.</summary>
    public required long TotalBytes { get; init; }

    /// <summary>Of these, bytes written; the others were already right.</summary>
    public required long WrittenBytes { get; init; }

    /// <summary>Paths removed from the target since the backup does not know them (delta restore).</summary>
    public required long RemovedPaths { get; init; }

    /// <summary>Bytes read from the stores.</summary>
    public required long ReadBytes { get; init; }
}

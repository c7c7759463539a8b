namespace DrMesh.Core.Backups;

/// <summary>Sizes of a chunk's plain content, bytes.</summary>
public static class ChunkSize
{
    /// <summary>No chunk is larger.</summary>
    public const int Maximum = 4 << 20;

    /// <summary>
    /// What engines cut files into, at multiples of this offset, so that equal ranges of equal files are found again by their content; and how much of small files
    /// or changed pages they gather into one chunk.
    /// </summary>
    public const int Usual = 1 << 20;
}

namespace DrMesh.Core.Backups;

/// <summary>A run of a file's bytes and the chunk content that holds it. What no extent of a file covers is zeros (a hole).</summary>
/// <param name="FileOffset">Where the run begins in the file, bytes.</param>
/// <param name="Source">The content; its length is the run's length. <see cref="ChunkRef.Zeros"/> makes the run a hole.</param>
public readonly record struct Extent(long FileOffset, ChunkSlice Source)
{
    /// <summary>The run's length, bytes.</summary>
    public int Length => Source.Length;

    /// <summary>The first byte of the file after the run.</summary>
    public long FileEnd => FileOffset + Source.Length;
}

namespace DrMesh.Core.Backups;

/// <summary>A part of a chunk's plain content.</summary>
/// <param name="Chunk">The chunk.</param>
/// <param name="Offset">Where the part begins in the chunk's plain content, bytes.</param>
/// <param name="Length">The part's length, bytes; above 0.</param>
public readonly record struct ChunkSlice(ChunkRef Chunk, int Offset, int Length);

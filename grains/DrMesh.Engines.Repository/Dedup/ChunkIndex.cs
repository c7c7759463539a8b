using DrMesh.Core.Backups;
using DrMesh.Engines.Repository.Format;

namespace DrMesh.Engines.Repository.Dedup;

/// <summary>
/// The chunks the repository already holds, sorted by id, 32 bytes each. Bounded: of a larger repository it knows the newest packs, and older content is stored again.
/// </summary>
internal sealed class ChunkIndex
{
    /// <summary>Chunks known at most: 48 MiB of memory, about 1.5 TB of content.</summary>
    public const int MostChunks = 3 << 19;

    private readonly ChunkId[] _ids;
    private readonly ChunkRef[] _chunks;

    public ChunkIndex(List<(ChunkId Id, ChunkRef Chunk)> chunks)
    {
        _ids = new ChunkId[chunks.Count];
        _chunks = new ChunkRef[chunks.Count];
        for (var i = 0; i < chunks.Count; i++)
        {
            (_ids[i], _chunks[i]) = chunks[i];
        }

        Array.Sort(_ids, _chunks);
    }

    public static ChunkIndex Empty { get; } = new([]);

    public int Count => _ids.Length;

    public bool TryFind(ChunkId id, out ChunkRef chunk)
    {
        var place = Array.BinarySearch(_ids, id);
        chunk = place >= 0 ? _chunks[place] : default;
        return place >= 0;
    }
}

using DrMesh.Engines.Repository.Format;

namespace DrMesh.Engines.Repository.Manifests;

/// <summary>Collects in which block of the tree each path is, 12 bytes a path, and encodes that sorted by the paths' hashes.</summary>
internal sealed class PathIndexBuilder
{
    public const int PathsPerBlock = 1 << 16;
    private ulong[] _hashes = new ulong[1024];
    private int[] _blocks = new int[1024];

    public int Count { get; private set; }

    public void Add(string path, int block)
    {
        if (Count == _hashes.Length)
        {
            Array.Resize(ref _hashes, 2 * Count);
            Array.Resize(ref _blocks, 2 * Count);
        }

        _hashes[Count] = BackupPath.Hash(path);
        _blocks[Count++] = block;
    }

    /// <summary>The blocks in the order of their first hashes.</summary>
    public IEnumerable<(ulong FirstHash, ReadOnlyMemory<byte> Block)> Encode()
    {
        Array.Sort(_hashes, _blocks, 0, Count);
        for (var start = 0; start < Count; start += PathsPerBlock)
        {
            var writer = new ByteWriter(16 * Math.Min(PathsPerBlock, Count));
            ulong previous = _hashes[start];
            for (var i = start; i < Math.Min(start + PathsPerBlock, Count); i++)
            {
                writer.Number(_hashes[i] - previous);
                writer.Number(_blocks[i]);
                previous = _hashes[i];
            }

            yield return (_hashes[start], writer.Memory);
        }
    }
}

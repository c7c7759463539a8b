using DrMesh.Engines.Repository.Format;

namespace DrMesh.Engines.Repository.Manifests;

/// <summary>A block of the path index, decoded once: which tree blocks may hold a path.</summary>
internal sealed class PathIndexBlock
{
    private readonly ulong[] _hashes;
    private readonly int[] _trees;

    /// <summary>Decodes the block that begins with <paramref name="firstHash"/>.</summary>
    public PathIndexBlock(ReadOnlySpan<byte> block, ulong firstHash, string name)
    {
        var reader = new ByteReader(block, name);
        var hashes = new List<ulong>();
        var trees = new List<int>();
        for (var current = firstHash; !reader.IsAtEnd;)
        {
            current += reader.Number();
            hashes.Add(current);
            trees.Add(reader.Int());
        }

        (_hashes, _trees) = ([.. hashes], [.. trees]);
    }

    /// <summary>The tree blocks that may hold the path of <paramref name="hash"/>; empty: none does.</summary>
    public ReadOnlyMemory<int> Find(ulong hash)
    {
        var found = Array.BinarySearch(_hashes, hash);
        if (found < 0)
        {
            return default;
        }

        // Two paths may have one hash.
        var (begin, end) = (found, found + 1);
        while (begin > 0 && _hashes[begin - 1] == hash)
        {
            begin--;
        }

        while (end < _hashes.Length && _hashes[end] == hash)
        {
            end++;
        }

        return _trees.AsMemory(begin, end - begin);
    }
}

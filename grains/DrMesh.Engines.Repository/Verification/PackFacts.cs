using DrMesh.Engines.Repository.Format;

namespace DrMesh.Engines.Repository.Verification;

/// <summary>What a verification keeps of a pack: the plain length of each entry, 4 bytes a chunk.</summary>
internal sealed class PackFacts
{
    private readonly int[] _plainLengths;
    private readonly uint[]? _entries;

    public PackFacts(PackEntry[] entries)
    {
        _plainLengths = [.. entries.Select(entry => entry.PlainLength)];
        if (entries.Length > 0 && entries[^1].Entry != entries.Length - 1)
        {
            _entries = [.. entries.Select(entry => entry.Entry)];
        }
    }

    /// <summary>An entry's plain length; -1: the pack does not have it.</summary>
    public int PlainLength(uint entry)
    {
        var place = _entries is null ? (long)entry : Array.BinarySearch(_entries, entry);
        return place >= 0 && place < _plainLengths.Length ? _plainLengths[place] : -1;
    }
}

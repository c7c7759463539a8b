using DrMesh.Engines.Files.Posix;
using DrMesh.Engines.Files.Scanning;

namespace DrMesh.Engines.Files.Snapshots;

/// <summary>Tells a file's first name in a tree from its further ones. Of one thread; keeps files with several names only.</summary>
internal sealed class HardLinks
{
    private readonly Dictionary<(ulong Device, ulong Inode), string> _first = [];
    private readonly List<(TreeEntry Entry, string First)> _further = [];

    /// <summary>Further names with the first name of the same file, in the order they were found.</summary>
    public IReadOnlyList<(TreeEntry Entry, string First)> Further => _further;

    /// <summary>Whether the path is to be read: it is a file's only or first name.</summary>
    public bool IsFirst(TreeEntry entry)
    {
        if (entry.Status is not { Kind: EntryKind.File, Links: > 1 } status)
        {
            return true;
        }

        if (_first.TryAdd((status.Device, status.Inode), entry.Path))
        {
            return true;
        }

        _further.Add((entry, _first[(status.Device, status.Inode)]));
        return false;
    }
}

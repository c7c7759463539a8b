using System.IO.Enumeration;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using DrMesh.Engines.Files.Posix;

namespace DrMesh.Engines.Files.Scanning;

/// <summary>
/// A directory as it was listed: its status before the listing, and a hash of each name, by which a later listing finds what is new without the names
/// being kept (8 bytes a name).
/// </summary>
internal sealed record DirectoryListing(FileStatus Status, ulong[] NameHashes)
{
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    /// <summary>Lists a directory's names with their statuses, in the order in which full paths sort.</summary>
    /// <param name="root">The tree.</param>
    /// <param name="path">The directory.</param>
    /// <param name="exclusions">What is left out.</param>
    /// <param name="findings">Names that cannot be read are told here.</param>
    /// <exception cref="PosixException">The directory cannot be listed.</exception>
    public static (DirectoryListing Listing, List<TreeEntry> Entries) Read(TreeRoot root, string path, Exclusions exclusions, Findings findings)
    {
        using var directory = root.OpenDirectory(path);
        var before = FileStatus.Of(directory);
        var entries = new List<TreeEntry>();
        foreach (var name in new FileSystemEnumerable<string>(
            TreeRoot.PathOf(directory), (ref FileSystemEntry entry) => entry.FileName.ToString(), Everything))
        {
            var full = path.Length == 0 ? name : $"{path}/{name}";
            if (exclusions.Excludes(full, name))
            {
                continue;
            }

            if (FileStatus.Of(directory, name) is { } status)
            {
                entries.Add(new TreeEntry(full, status));
            }
            else if (name.Contains('�', StringComparison.Ordinal))
            {
                findings.CannotRead(full, "its name is not UTF-8");
            }
            else if (Marshal.GetLastPInvokeError() != Libc.NoEntry)
            {
                findings.CannotRead(full, PosixException.Last().Message);
            }
        }

        entries.Sort((one, other) => ComparePaths(one, other));
        var hashes = entries.Select(entry => HashOf(entry.Path)).ToArray();
        Array.Sort(hashes);
        return (new DirectoryListing(before, hashes), entries);
    }

    /// <summary>Whether a path was in this listing.</summary>
    public bool Knows(string path) => Array.BinarySearch(NameHashes, HashOf(path)) >= 0;

    // A directory sorts as its name followed by a slash: what is under it then comes where its full paths belong.
    private static int ComparePaths(TreeEntry one, TreeEntry other) => string.CompareOrdinal(SortKey(one), SortKey(other));

    private static string SortKey(TreeEntry entry) => entry.Status.Kind == EntryKind.Directory ? entry.Path + "/" : entry.Path;

    private static ulong HashOf(string path) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(path.AsSpan()));
}

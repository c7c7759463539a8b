using DrMesh.Engines.Files.Posix;

namespace DrMesh.Engines.Files.Scanning;

/// <summary>Finds all paths of a tree, depth first in the order in which full paths sort, and finds again what came while it walked. Of one thread.</summary>
internal sealed class TreeWalker(TreeRoot root, Exclusions exclusions, Findings findings)
{
    private readonly Dictionary<string, DirectoryListing> _directories = new(StringComparer.Ordinal);

    /// <summary>The directories walked so far, the top (the empty path) among them, as they were listed last.</summary>
    public IReadOnlyDictionary<string, DirectoryListing> Directories => _directories;

    /// <summary>All paths but directories; those are in <see cref="Directories"/> afterwards.</summary>
    public IEnumerable<TreeEntry> Walk() => WalkFrom(List("", null));

    /// <summary>
    /// What is new in directories that changed since they were listed. Names that went are no matter: what was read of them was there when it was read.
    /// </summary>
    /// <returns>The changed directories, and the new paths in them; enumerating the paths walks new directories too.</returns>
    public (IReadOnlyList<string> Changed, IEnumerable<TreeEntry> Added) Revisit()
    {
        var changed = _directories
            .Where(pair => root.Find(pair.Key) is { Kind: EntryKind.Directory } now && !now.IsSameAs(pair.Value.Status))
            .Select(pair => pair.Key)
            .Order(StringComparer.Ordinal)
            .ToList();
        return (changed, changed.SelectMany(path => WalkFrom(List(path, _directories[path]))));
    }

    private IEnumerable<TreeEntry> WalkFrom(List<TreeEntry> entries)
    {
        var stack = new Stack<IEnumerator<TreeEntry>>();
        stack.Push(entries.GetEnumerator());
        while (stack.TryPeek(out var level))
        {
            if (!level.MoveNext())
            {
                stack.Pop().Dispose();
            }
            else if (level.Current.Status.Kind == EntryKind.Directory)
            {
                stack.Push(List(level.Current.Path, null).GetEnumerator());
            }
            else
            {
                yield return level.Current;
            }
        }
    }

    private List<TreeEntry> List(string path, DirectoryListing? earlier)
    {
        try
        {
            var (listing, entries) = DirectoryListing.Read(root, path, exclusions, findings);
            _directories[path] = listing;
            return earlier is null ? entries : entries.FindAll(entry => !earlier.Knows(entry.Path));
        }
        catch (PosixException exception) when (exception.Errno == Libc.NoEntry && path.Length > 0)
        {
            // It was removed between being found and being listed.
            return [];
        }
        catch (PosixException exception) when (path.Length > 0)
        {
            findings.CannotRead(path, exception.Message);
            return [];
        }
    }
}

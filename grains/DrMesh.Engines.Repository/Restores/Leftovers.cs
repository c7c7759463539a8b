using DrMesh.Engines.Repository.Manifests;

namespace DrMesh.Engines.Repository.Restores;

/// <summary>Removes from the target of a delta restore what the backup does not know. Known paths are kept by hash, 8 bytes each.</summary>
internal sealed class Leftovers(RestoreTarget target)
{
    private readonly HashSet<ulong> _known = [];

    public void Know(string path)
    {
        // A directory may be known only by what is in it.
        var place = target.Resolve(path);
        while (_known.Add(BackupPath.Hash(place)) && Path.GetDirectoryName(place) is { } parent)
        {
            place = parent;
        }
    }

    /// <summary>Returns the number of paths removed.</summary>
    public long Remove()
    {
        foreach (var (link, directory) in target.Links)
        {
            _known.Add(BackupPath.Hash(link));
            _known.Add(BackupPath.Hash(Path.GetDirectoryName(link)!));
            _known.Add(BackupPath.Hash(directory));
        }

        return target.Directories.Sum(Remove);
    }

    private long Remove(string directory)
    {
        long removed = 0;
        foreach (var entry in new DirectoryInfo(directory).EnumerateFileSystemInfos())
        {
            if (!_known.Contains(BackupPath.Hash(entry.FullName)))
            {
                RestoreTarget.Guard(entry.FullName, () => Delete(entry));
                removed++;
            }
            else if (entry is DirectoryInfo && entry.LinkTarget is null)
            {
                removed += Remove(entry.FullName);
            }
        }

        return removed;
    }

    private static void Delete(FileSystemInfo entry)
    {
        if (entry is DirectoryInfo folder && entry.LinkTarget is null)
        {
            folder.Delete(recursive: true);
        }
        else
        {
            entry.Delete();
        }
    }
}

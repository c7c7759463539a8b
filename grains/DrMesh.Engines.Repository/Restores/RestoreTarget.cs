using System.Collections.Concurrent;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups;

namespace DrMesh.Engines.Repository.Restores;

/// <summary>Where the paths of a backup go on this machine: under the target directory, those of a root under the root's directory.</summary>
internal sealed class RestoreTarget
{
    private readonly string _top;
    private readonly (string Path, string Directory)[] _roots;
    private readonly ConcurrentDictionary<string, bool> _made = new(StringComparer.Ordinal);

    public RestoreTarget(RestoreRequest request, IReadOnlyList<BackupRoot> roots)
    {
        _top = Path.GetFullPath(request.TargetDirectory);
        var known = roots.SelectMany(root => new[] { root.Location, root.Path }).ToHashSet();
        if (request.RootMap.Keys.FirstOrDefault(key => !known.Contains(key)) is { } unknown)
        {
            throw new DrMeshException(
                DrMeshError.UsageInvalid,
                $"the backup has no root {unknown}",
                roots.Count == 0 ? "it has none at all; leave the mapping out" : $"it has {string.Join(", ", roots.Select(root => root.Location))}");
        }

        _roots = [.. roots.Select(root => (root.Path, DirectoryOf(request, root)))];
    }

    /// <summary>The directories that are filled: the top first, then the roots.</summary>
    public IEnumerable<string> Directories => _roots.Select(root => root.Directory).Prepend(_top);

    /// <summary>The links to make: where, and the directory each points to.</summary>
    public IEnumerable<(string Link, string Directory)> Links => _roots.Select(root => (Path.Combine(_top, root.Path), root.Directory));

    /// <summary>A path's place, and the directory (top or root) it must stay under.</summary>
    public string Resolve(string path)
    {
        foreach (var (root, directory) in _roots)
        {
            if (path.Length > root.Length && path[root.Length] == '/' && path.StartsWith(root, StringComparison.Ordinal))
            {
                return Path.Combine(directory, path[(root.Length + 1)..]);
            }

            if (path == root)
            {
                return directory;
            }
        }

        return Path.Combine(_top, path);
    }

    /// <summary>Makes the tops; each must be empty unless files may be there.</summary>
    public void Prepare(bool mayHoldFiles)
    {
        foreach (var directory in Directories)
        {
            Guard(directory, () =>
            {
                Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                if (!mayHoldFiles && Directory.EnumerateFileSystemEntries(directory).Any())
                {
                    throw new DrMeshException(
                        DrMeshError.RestoreTargetUnusable,
                        $"{directory} is not empty",
                        "name an empty directory, or restore onto what is there with --delta");
                }
            });
            _made[directory] = true;
        }
    }

    /// <summary>Makes a directory and those above it. A link that stands in a directory's place is removed: content never goes through it.</summary>
    public void MakeDirectory(string directory)
    {
        if (_made.ContainsKey(directory))
        {
            return;
        }

        MakeDirectory(Path.GetDirectoryName(directory)!);
        Guard(directory, () =>
        {
            var info = new FileInfo(directory);
            if (info.LinkTarget is not null || info.Exists)
            {
                info.Delete();
            }

            Directory.CreateDirectory(directory);
        });
        _made[directory] = true;
    }

    /// <summary>Runs an action and names the path in its failure.</summary>
    public static void Guard(string path, Action action)
    {
        try
        {
            action();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DrMeshException(
                DrMeshError.RestoreTargetUnusable, $"{path} cannot be written: {failure.Message}", "check permissions and free space, then restore again with --delta", failure);
        }
    }

    private static string DirectoryOf(RestoreRequest request, BackupRoot root)
    {
        var directory = request.RootMap.TryGetValue(root.Location, out var mapped) || request.RootMap.TryGetValue(root.Path, out mapped)
            ? mapped
            : root.Location;
        return Path.IsPathFullyQualified(directory)
            ? Path.GetFullPath(directory)
            : throw new DrMeshException(DrMeshError.UsageInvalid, $"{directory} is not an absolute path", "map a root to an absolute directory");
    }
}

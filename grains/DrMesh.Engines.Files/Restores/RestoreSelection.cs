using DrMesh.Contracts.Backups;
using DrMesh.Core.Backups;

namespace DrMesh.Engines.Files.Restores;

/// <summary>Which paths of a backup are restored, and that none of them can lie outside the target.</summary>
internal sealed class RestoreSelection(BackupId backup, IReadOnlyList<string> paths)
{
    private readonly string[] _asked = [.. paths.Select(path => path.Trim('/'))];
    private readonly HashSet<string> _found = new(StringComparer.Ordinal);

    /// <summary>Whether everything is restored.</summary>
    public bool IsWhole => _asked.Length == 0;

    /// <summary>Looks at a path before anything is written.</summary>
    /// <exception cref="Contracts.Errors.DrMeshException">The path may lie outside the backup's top.</exception>
    public void Check(BackupFile file)
    {
        if (file.Path.Length == 0 || file.Path.Contains('\0', StringComparison.Ordinal) || file.Path.Split('/').Any(name => name is "" or "." or ".."))
        {
            throw FileTreeErrors.UnsafePath(backup, file.Path);
        }

        if (_asked.Length > 0)
        {
            _found.UnionWith(_asked.Where(asked => IsUnder(file.Path, asked)));
        }
    }

    /// <summary>Called when all paths were checked.</summary>
    /// <exception cref="Contracts.Errors.DrMeshException">A path asked for is not in the backup.</exception>
    public void CheckFound()
    {
        if (Array.Find(_asked, asked => !_found.Contains(asked)) is { } missing)
        {
            throw FileTreeErrors.PathUnknown(backup, missing);
        }
    }

    /// <summary>Whether the path is restored with its content and metadata.</summary>
    public bool Selects(string path) => IsWhole || Array.Exists(_asked, asked => IsUnder(path, asked));

    /// <summary>Whether the path is needed: selected, or a directory above what is selected.</summary>
    public bool Needs(BackupFile file) =>
        Selects(file.Path) || (file.Kind == BackupFileKind.Directory && Array.Exists(_asked, asked => IsUnder(asked, file.Path)));

    private static bool IsUnder(string path, string top) =>
        path.StartsWith(top, StringComparison.Ordinal) && (path.Length == top.Length || path[top.Length] == '/');
}

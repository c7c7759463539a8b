namespace DrMesh.Engines.PostgreSql.Backup;

/// <summary>
/// Finds what of a data directory belongs into a backup. What the server rebuilds or must not find is left out: source, <c>basebackup.c</c> and the manual's "Backing Up the Data
/// Directory". WAL is added by the backup itself.
/// </summary>
internal sealed class DataDirectoryScan
{
    /// <summary>Directories whose content is left out; the empty directory is kept, since the server expects it.</summary>
    private static readonly HashSet<string> ContentLeftOut =
        new(["pg_wal", "pg_stat_tmp", "pg_replslot", "pg_dynshmem", "pg_notify", "pg_serial", "pg_snapshots", "pg_subtrans"], StringComparer.Ordinal);

    private static readonly HashSet<string> FilesLeftOut = new(
        [
            "postmaster.pid", "postmaster.opts", "backup_label", "tablespace_map", "backup_manifest", "postgresql.auto.conf.tmp", "current_logfiles.tmp",
            // A restore decides about recovery; a copied signal would make it a standby of who knows whom.
            "standby.signal", "recovery.signal",
            // Copied last, see PostgresBackup.
            "global/pg_control",
        ],
        StringComparer.Ordinal);

    private readonly List<ScannedFile> _found = [];
    private readonly HashSet<string> _unlogged = new(StringComparer.Ordinal);

    private DataDirectoryScan()
    {
    }

    /// <summary>Everything under <paramref name="dataDirectory"/> and its tablespaces that belongs into a backup; paths that vanish meanwhile are simply not found.</summary>
    public static IReadOnlyList<ScannedFile> Run(string dataDirectory)
    {
        var scan = new DataDirectoryScan();
        scan.Walk(dataDirectory, "");
        // Whether a relation is unlogged shows only in its init fork; of such a relation nothing else is kept.
        return scan._unlogged.Count == 0 ? scan._found : [.. scan._found.Where(file => !scan.IsUnloggedContent(file))];
    }

    private bool IsUnloggedContent(ScannedFile file) =>
        file.Relation is { Fork: not RelationFork.Init } relation && _unlogged.Contains(relation.Relation);

    private void Walk(string directory, string prefix)
    {
        IEnumerable<string> names;
        try
        {
            names = [.. Directory.EnumerateFileSystemEntries(directory)];
        }
        catch (DirectoryNotFoundException)
        {
            return;
        }

        foreach (var fullPath in names)
        {
            var path = prefix + Path.GetFileName(fullPath);
            // Tablespaces are links; a data directory may also link pg_wal elsewhere.
            var isLinkAllowed = prefix == "pg_tblspc/" || path == "pg_wal";
            if (IsLeftOut(path) || FileStat.TryGet(fullPath, followLink: isLinkAllowed) is not { } entry)
            {
                continue;
            }

            if (entry.Kind == FileStat.TypeDirectory)
            {
                _found.Add(new ScannedFile(path, fullPath, entry, null));
                if (!ContentLeftOut.Contains(path))
                {
                    Walk(fullPath, path + "/");
                }
            }
            else if (entry.Kind == FileStat.TypeFile)
            {
                AddFile(path, fullPath, entry);
            }
        }
    }

    private void AddFile(string path, string fullPath, FileStat.Entry entry)
    {
        var relation = RelationPath.TryParse(path);
        if (relation is { IsTemporary: true })
        {
            return;
        }

        if (relation is { Fork: RelationFork.Init } unlogged)
        {
            _unlogged.Add(unlogged.Relation);
        }

        _found.Add(new ScannedFile(path, fullPath, entry, relation));
    }

    private static bool IsLeftOut(string path)
    {
        var name = path.AsSpan(path.LastIndexOf('/') + 1);
        return FilesLeftOut.Contains(path) || name.StartsWith("pgsql_tmp") || name.StartsWith("pg_internal.init");
    }
}

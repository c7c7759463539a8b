namespace DrMesh.Engines.PostgreSql.Backup;

/// <summary>A path found in the data directory that belongs into the backup.</summary>
/// <param name="Path">Relative to the data directory, with <c>/</c>; tablespaces appear under <c>pg_tblspc/OID</c>.</param>
/// <param name="FullPath">Where it is.</param>
/// <param name="Entry">Its metadata when it was found.</param>
/// <param name="Relation">The relation it belongs to; null: none.</param>
internal sealed record ScannedFile(string Path, string FullPath, FileStat.Entry Entry, RelationPath? Relation)
{
    public bool IsDirectory => Entry.Kind == FileStat.TypeDirectory;
}

namespace DrMesh.Core.Backups;

/// <summary>
/// A directory of a backup that lay elsewhere on the source's disks, such as a tablespace: <see cref="Path"/> is the symbolic link's place in the backup
/// (<c>pg_tblspc/16400</c>), files under it carry that prefix, <see cref="Location"/> is where the link pointed.
/// </summary>
public sealed record BackupRoot
{
    /// <summary>The link's path in the backup; no <see cref="BackupFile"/> of kind link is needed for it.</summary>
    public required string Path { get; init; }

    /// <summary>The absolute directory it pointed to on the source.</summary>
    public required string Location { get; init; }
}

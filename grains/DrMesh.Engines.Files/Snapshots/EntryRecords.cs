using DrMesh.Core.Backups;
using DrMesh.Engines.Files.Posix;

namespace DrMesh.Engines.Files.Snapshots;

/// <summary>Makes the manifest's record and the engine's notes of a path.</summary>
internal sealed class EntryRecords(OwnerNames owners)
{
    public BackupFile File(string path, in FileStatus status, string linkTarget = "") => new()
    {
        Path = path,
        Kind = status.Kind switch
        {
            EntryKind.Directory => BackupFileKind.Directory,
            EntryKind.SymbolicLink => BackupFileKind.SymbolicLink,
            _ => BackupFileKind.File,
        },
        Length = status.Length,
        Mode = status.Mode,
        ModifiedAt = status.ModifiedAt.ToDateTimeOffset(),
        Owner = owners.User(status.User),
        Group = owners.Group(status.Group),
        LinkTarget = linkTarget,
    };

    /// <param name="status">The path's status.</param>
    /// <param name="attributes">Its extended attributes.</param>
    /// <param name="digest">A file's content digest.</param>
    /// <param name="isSettled">Whether a later change is sure to show in the change time.</param>
    public static EntryNotes Notes(in FileStatus status, IReadOnlyList<(string, byte[])> attributes, byte[] digest, bool isSettled) => new()
    {
        ModifiedAt = status.ModifiedAt,
        ChangedAt = isSettled ? status.ChangedAt : default,
        Inode = status.Inode,
        User = status.User,
        Group = status.Group,
        Digest = digest,
        Attributes = attributes,
    };
}

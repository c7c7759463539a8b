using DrMesh.Core.Backups;
using DrMesh.Engines.Files.Posix;

namespace DrMesh.Engines.Files.Snapshots;

/// <summary>The snapshot an incremental one builds on.</summary>
internal sealed class ParentSnapshot(IBackupReader? reader)
{
    /// <summary>The parent's record of a file when its content cannot have changed since: same size, modification time, change time and inode; else null.</summary>
    public async ValueTask<(BackupFile File, EntryNotes Notes)?> FindUnchangedAsync(string path, FileStatus now, CancellationToken cancellationToken)
    {
        if (reader is null
            || await reader.FindFileAsync(path, cancellationToken) is not { Kind: BackupFileKind.File, Notes.IsEmpty: false } file
            || file.Length != now.Length)
        {
            return null;
        }

        var notes = await EntryNotes.ReadAsync(reader, file, cancellationToken);
        return notes.Inode == now.Inode && notes.ModifiedAt == now.ModifiedAt && notes.ChangedAt == now.ChangedAt && notes.Digest.Length > 0
            ? (file, notes)
            : null;
    }
}

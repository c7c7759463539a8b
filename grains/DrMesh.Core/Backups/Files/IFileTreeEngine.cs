using DrMesh.Contracts.Errors;

namespace DrMesh.Core.Backups.Files;

/// <summary>
/// Snapshots of a directory tree in a backup repository, and their restore. Runs on the machine that has the tree. Needs no silo. Every method may be called
/// again after a crash at any point: a snapshot that was not committed leaves nothing but reusable content, a restore ends with the same files.
/// </summary>
public interface IFileTreeEngine
{
    /// <summary>Reads a tree into a repository.</summary>
    /// <returns>The committed snapshot. Whoever called decides by its <see cref="FileTreeSnapshot.Unreadable"/> whether it is good enough.</returns>
    /// <exception cref="DrMeshException">
    /// <see cref="DrMeshError.FileTreeUnreadable"/>: the tree's top cannot be read, nothing was recorded; or what the repository reports.
    /// </exception>
    Task<FileTreeSnapshot> SnapshotAsync(
        IBackupRepository repository, FileTreeSnapshotRequest request, IProgress<BackupStatistics>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>Restores a snapshot, whole or some paths, into an empty directory or over what is there (delta).</summary>
    /// <exception cref="DrMeshException">
    /// <see cref="DrMeshError.FileTreeUnsafePath"/>: the backup names a path outside its top, nothing was written;
    /// <see cref="DrMeshError.FileTreePathUnknown"/>: a path asked for is not in the backup, nothing was written; or what the repository reports.
    /// </exception>
    Task<FileTreeRestoreReport> RestoreAsync(
        IBackupRepository repository, FileTreeRestoreRequest request, IProgress<RestoreProgress>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>The checksum of a tree as it is on disk now, for comparison with a snapshot's.</summary>
    Task<FileTreeChecksum> ChecksumAsync(FileTreeScan scan, CancellationToken cancellationToken = default);
}

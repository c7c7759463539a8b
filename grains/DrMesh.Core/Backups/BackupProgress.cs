namespace DrMesh.Core.Backups;

/// <summary>How far a backup is.</summary>
/// <param name="DoneBytes">Bytes of the source dealt with: read, or known to be unchanged.</param>
/// <param name="TotalBytes">Bytes of the source as first seen.</param>
/// <param name="ReadBytes">Of the done ones, bytes that were read.</param>
/// <param name="StoredBytes">Bytes added to the repository, compressed and encrypted.</param>
public readonly record struct BackupProgress(long DoneBytes, long TotalBytes, long ReadBytes, long StoredBytes);

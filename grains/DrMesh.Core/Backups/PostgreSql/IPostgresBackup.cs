using DrMesh.Contracts.Errors;

namespace DrMesh.Core.Backups.PostgreSql;

/// <summary>
/// Backs up one running PostgreSQL server, a primary or a standby, into a repository. Two ways implement it: beside the server (reads its data directory) and remote (the
/// replication protocol).
/// </summary>
public interface IPostgresBackup
{
    /// <summary>
    /// Makes a backup. Idempotent under <see cref="PostgresBackupRequest.Id"/>: a committed one is returned as it is. Cancelled, failed or killed at any point, nothing is recorded,
    /// the server's backup mode ends with its connection, and the next call reuses what was stored.
    /// </summary>
    /// <exception cref="DrMeshException">
    /// <see cref="DrMeshError.PostgresConnectionLost"/>: the server went away; <see cref="DrMeshError.PostgresChangedDuringBackup"/>: it was promoted or restarted meanwhile;
    /// <see cref="DrMeshError.PostgresUnfit"/>: it cannot be backed up as it is set; or an error of the repository.
    /// </exception>
    Task<BackupCommit> RunAsync(
        PostgresBackupRequest request, IBackupRepository repository, IProgress<BackupProgress>? progress = null, CancellationToken cancellationToken = default);
}

using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups;

namespace DrMesh.Core.Restores.PostgreSql;

/// <summary>
/// Restores a PostgreSQL server in three steps, each safe to repeat after a crash, so that a session can store its state between them.
/// </summary>
public interface IPostgresRestore
{
    /// <summary>
    /// Writes the base backup into the target directory and sets it up to recover to the target. Repeated after a crash it goes on as a delta restore.
    /// Refuses a directory a server runs on.
    /// </summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.RestoreTargetUnusable"/>, or an error of the repository.</exception>
    Task<RestoreReport> RestoreFilesAsync(
        PostgresRestoreRequest request, IBackupRepository repository, IProgress<RestoreProgress>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Starts the server, unless it runs, feeds it WAL from <paramref name="repository"/>, and waits until it has reached the target. Cancelled, the server goes on where it has its own restore
    /// command, else it stops.
    /// </summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.PostgresRecoveryFailed"/> with what the server's log says.</exception>
    Task<RecoveryReached> RecoverAsync(
        PostgresRestoreRequest request, IBackupRepository repository, IProgress<RecoveryProgress>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>Stops a restored server, for rolling back. "Already stopped" is success.</summary>
    Task StopAsync(PostgresRestoreRequest request, CancellationToken cancellationToken = default);
}

using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups.Logs;

namespace DrMesh.Core.Backups.MongoDb;

/// <summary>
/// Backups, oplog archive and restores of MongoDB replica sets, over the network. A backup lies in the repository as the directory <c>mongodump --oplog</c> writes, so that
/// restoring it as files gives what plain <c>mongorestore --oplogReplay</c> reads.
/// </summary>
public interface IMongoEngine
{
    /// <summary>Looks at a set: its members, their lag, what a majority has.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.MongoUnreachable"/>: no member answers; <see cref="DrMeshError.MongoRefused"/>.</exception>
    Task<MongoSet> ObserveAsync(MongoAddress address, CancellationToken cancellationToken = default);

    /// <summary>Reads a whole set into a repository, with the oplog of the time it took.</summary>
    /// <exception cref="DrMeshException">
    /// <see cref="DrMeshError.MongoNoSource"/>: no member is fit; <see cref="DrMeshError.MongoChangedDuringBackup"/>: a collection was renamed meanwhile, or the oplog did not reach
    /// back far enough, try again; or what the server or the repository reports. Nothing is recorded then.
    /// </exception>
    Task<BackupCommit> BackupAsync(
        IBackupRepository repository, MongoBackupRequest request, IProgress<BackupStatistics>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Archives a set's oplog until cancelled: only operations a majority has, each once, in order. Goes on where the archive (or the spool on disk) ends; when that operation is no
    /// longer in any oplog, a <see cref="OplogArchiveEventKind.Hole"/> is told and a new stretch begins.
    /// </summary>
    IAsyncEnumerable<OplogArchiveEvent> ArchiveAsync(ILogArchive archive, OplogArchiveRequest request, CancellationToken cancellationToken = default);

    /// <summary>
    /// Restores a backup into a set (or a single server), then replays the oplog to the target, then builds indexes. Started again after a crash it begins anew.
    /// </summary>
    /// <exception cref="DrMeshException">
    /// <see cref="DrMeshError.MongoOplogMissing"/>: the archive does not reach from the backup to the target, nothing was written;
    /// <see cref="DrMeshError.MongoTargetNotEmpty"/>; <see cref="DrMeshError.MongoReplayFailed"/>; or what the server or the repository reports.
    /// </exception>
    Task<MongoRestoreReport> RestoreAsync(
        IBackupRepository repository, MongoRestoreRequest request, IProgress<RestoreProgress>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// The collections a set has of its own, <c>database.collection</c>: what can be in the way of a restore, which drops those of the backup's names, and of the names its log creates. Empty: none.
    /// </summary>
    /// <param name="address">The set.</param>
    /// <param name="database">One database only; null: all.</param>
    /// <param name="cancellationToken">Ends waiting.</param>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.MongoUnreachable"/>, <see cref="DrMeshError.MongoRefused"/>.</exception>
    Task<IReadOnlyList<string>> FindCollectionsAsync(MongoAddress address, string? database = null, CancellationToken cancellationToken = default);
}

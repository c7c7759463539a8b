using DrMesh.Contracts.Databases;
using DrMesh.Core.Databases.PostgreSql;
using DrMesh.Core.Restores.PostgreSql;

namespace DrMesh.Core.Backups.PostgreSql;

/// <summary>What the grains need of PostgreSQL to back up and restore. The engine behind it is <c>DrMesh.Engines.PostgreSql</c>.</summary>
public interface IPostgresEngine
{
    /// <summary>
    /// Looks at a server as a source of backups. A server that does not answer within a few seconds is an observation
    /// (<see cref="BackupSourceCandidate.IsReachable"/> false), not an error.
    /// </summary>
    Task<BackupSourceCandidate> ObserveAsync(PostgresServer server, CancellationToken cancellationToken = default);

    /// <summary>The backup of one server; <see cref="BackupWay.Beside"/> works on the server's own machine only.</summary>
    IPostgresBackup Backup(PostgresServer server, BackupWay way);

    /// <summary>Restores on this machine a server that is connected to as <paramref name="original"/> was, but on its own port.</summary>
    IPostgresRestore Restore(PostgresServer original);

    /// <summary>The continuous archive of a cluster, streaming from its primary.</summary>
    IWalArchiver Archive(PostgresServer primary, WalArchiveOptions options, IBackupRepository repository);

    /// <summary>What a repository tells for planning a point-in-time recovery of a cluster.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="repository">Its repository.</param>
    /// <param name="rates">What earlier restores reached.</param>
    /// <param name="findRestorePoints">Whether named restore points are looked for, which reads the whole archive.</param>
    /// <param name="cancellationToken">Ends reading.</param>
    Task<PitrFacts> ReadPitrFactsAsync(
        ClusterId cluster, IBackupRepository repository, RestoreRates rates, bool findRestorePoints, CancellationToken cancellationToken = default);

    /// <summary>Reads the whole archive of a cluster for where a transaction ended, the last one of that id; null: it is not in it.</summary>
    Task<TransactionEnd?> FindTransactionAsync(ClusterId cluster, IBackupRepository repository, ulong transaction, CancellationToken cancellationToken = default);
}

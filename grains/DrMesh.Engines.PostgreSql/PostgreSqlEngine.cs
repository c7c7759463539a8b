using DrMesh.Contracts.Databases;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.PostgreSql;
using DrMesh.Core.Databases.PostgreSql;
using DrMesh.Core.Restores.PostgreSql;
using DrMesh.Engines.PostgreSql.Backup;
using DrMesh.Engines.PostgreSql.Hosting;
using DrMesh.Engines.PostgreSql.Restore;
using DrMesh.Engines.PostgreSql.Wal;

namespace DrMesh.Engines.PostgreSql;

/// <summary>PostgreSQL as the grains use it.</summary>
public sealed class PostgreSqlEngine(TimeProvider time) : IPostgresEngine
{
    /// <summary>What <c>BackupDraft.Engine</c> says of backups this engine makes.</summary>
    public const string Name = "postgresql";

    /// <inheritdoc/>
    public Task<BackupSourceCandidate> ObserveAsync(PostgresServer server, CancellationToken cancellationToken = default) =>
        SourceObserver.LookAsync(server, cancellationToken);

    /// <inheritdoc/>
    public IPostgresBackup Backup(PostgresServer server, BackupWay way) => way == BackupWay.Beside
        ? new PostgresBackup(PostgresConnection.ForControl(server), time)
        : new RemotePostgresBackup(PostgresConnection.ForReplication(server), time);

    /// <inheritdoc/>
    public IPostgresRestore Restore(PostgresServer original) =>
        new PostgresRestore(PostgresInstall.Find(), PostgresConnection.ForControl(original with { Host = "127.0.0.1" }), time);

    /// <inheritdoc/>
    public IWalArchiver Archive(PostgresServer primary, WalArchiveOptions options, IBackupRepository repository) =>
        new WalArchiver(PostgresConnection.ForReplication(primary), options, repository, time, PostgresConnection.ForControl(primary));

    /// <inheritdoc/>
    public Task<PitrFacts> ReadPitrFactsAsync(
        ClusterId cluster, IBackupRepository repository, RestoreRates rates, bool findRestorePoints, CancellationToken cancellationToken = default) =>
        new PitrFactsReader(repository).ReadAsync(cluster.Value, rates, findRestorePoints, cancellationToken);

    /// <inheritdoc/>
    public Task<TransactionEnd?> FindTransactionAsync(ClusterId cluster, IBackupRepository repository, ulong transaction, CancellationToken cancellationToken = default) =>
        new PitrFactsReader(repository).FindTransactionAsync(cluster.Value, transaction, cancellationToken);
}

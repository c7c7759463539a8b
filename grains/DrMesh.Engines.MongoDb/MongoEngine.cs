using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.Logs;
using DrMesh.Core.Backups.MongoDb;
using DrMesh.Engines.MongoDb.Backup;
using DrMesh.Engines.MongoDb.Oplog;
using DrMesh.Engines.MongoDb.ReplicaSet;
using DrMesh.Engines.MongoDb.Restore;
using Microsoft.Extensions.Logging;

namespace DrMesh.Engines.MongoDb;

/// <summary>The engine of MongoDB replica sets.</summary>
internal sealed class MongoEngine(TimeProvider time, ILogger<MongoEngine> logger) : IMongoEngine
{
    public async Task<MongoSet> ObserveAsync(MongoAddress address, CancellationToken cancellationToken)
    {
        using var clients = new MemberClients(address);
        return await new SetObserver(clients).ObserveAsync(cancellationToken);
    }

    public async Task<BackupCommit> BackupAsync(
        IBackupRepository repository, MongoBackupRequest request, IProgress<BackupStatistics>? progress, CancellationToken cancellationToken)
    {
        using var clients = new MemberClients(request.Address);
        var set = await new SetObserver(clients).ObserveAsync(cancellationToken);
        var choice = MongoSourceChoice.Choose(set.Members, request.Source);
        var source = choice.Member ?? throw MongoErrors.NoSource(choice);
        await using var writer = await repository.BeginAsync(request.Draft, cancellationToken);
        var run = new BackupRun(clients.Member(source.Host), source, set, writer, time);
        var workers = request.Parallelism > 0 ? request.Parallelism : 2 * Environment.ProcessorCount;
        var completion = await ToldAsync(source.Host, () => run.RunAsync(workers, progress, cancellationToken));
        var commit = await writer.CommitAsync(completion, cancellationToken);
        logger.BackedUp(
            request.Draft.Id.Value, set.Name, source.Host, run.Collections, run.Documents, completion.Facts[MongoFacts.OplogStart], completion.Facts[MongoFacts.Position]);
        return commit;
    }

    public IAsyncEnumerable<OplogArchiveEvent> ArchiveAsync(ILogArchive archive, OplogArchiveRequest request, CancellationToken cancellationToken) =>
        new OplogArchiver(archive, request, time, logger).RunAsync(cancellationToken);

    public async Task<MongoRestoreReport> RestoreAsync(
        IBackupRepository repository, MongoRestoreRequest request, IProgress<RestoreProgress>? progress, CancellationToken cancellationToken)
    {
        await using var backup = await OpenAsync(repository, request.Backup, cancellationToken);
        using var clients = new MemberClients(request.Target);
        var archive = repository.OpenLog(backup.Summary.Source, request.Tier ?? repository.Tiers[0]);
        var run = new RestoreRun(backup, archive, clients.Set, request);
        var report = await ToldAsync(string.Join(',', clients.Seeds), () => run.RunAsync(progress, cancellationToken));
        logger.Restored(request.Backup.Value, report.Collections, report.Documents, report.Replayed, report.Reached.ToString());
        return report;
    }

    public async Task<IReadOnlyList<string>> FindCollectionsAsync(MongoAddress address, string? database, CancellationToken cancellationToken)
    {
        using var clients = new MemberClients(address);
        return await ToldAsync(string.Join(',', clients.Seeds), () => RestoreRun.FindCollectionsAsync(clients.Set, database, cancellationToken));
    }

    private static async Task<IBackupReader> OpenAsync(IBackupRepository repository, BackupId id, CancellationToken cancellationToken)
    {
        var backup = await repository.OpenAsync(id, cancellationToken);
        if (backup.Summary.Engine != MongoFacts.Engine)
        {
            await backup.DisposeAsync();
            throw MongoErrors.NotMongo(id, backup.Summary.Engine);
        }

        return backup;
    }

    // The driver's own exceptions do not leave the engine.
    private static async Task<T> ToldAsync<T>(string host, Func<Task<T>> action)
    {
        try
        {
            return await action();
        }
        catch (Exception exception) when (exception is not DrMeshException && MongoErrors.From(exception, host) is { } failure)
        {
            throw failure;
        }
    }
}

using System.Collections.Immutable;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.Logs;
using DrMesh.Core.Backups.MongoDb;
using DrMesh.Core.Estate;
using DrMesh.Grains.Estate;
using DrMesh.Grains.Work;

namespace DrMesh.Grains.Backups.Unified;

/// <summary>Carries a <see cref="PartOrder"/> on a replica set out, over the network.</summary>
internal sealed class ReplicaSetWorker(AppliedEstates estates, ApplicationRepositories repositories, IMongoEngine engine, TimeProvider time) : IWorker
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    public bool Does(WorkOrder order) => order is PartOrder { IsTree: false };

    public async Task<ImmutableSortedDictionary<string, string>> DoAsync(WorkOrder order, Action<string> report, CancellationToken cancellationToken)
    {
        var part = (PartOrder)order;
        var estate = await estates.CurrentAsync(cancellationToken);
        var address = await estate.MongoAsync(estate.MongoDb(new ClusterId(part.Name)), cancellationToken);
        await using var repository = await repositories.OpenAsync(part.Repositories, part.Name, cancellationToken);
        return part.Action == PartAction.Copy
            ? await CopyAsync(repository, part, address, report, cancellationToken)
            : await ArchiveAsync(repository, part, address, report, cancellationToken);
    }

    private async Task<ImmutableSortedDictionary<string, string>> CopyAsync(
        IBackupRepository repository, PartOrder part, MongoAddress address, Action<string> report, CancellationToken cancellationToken)
    {
        if (await repository.FindAsync(part.Backup, cancellationToken) is { } done)
        {
            return Evidence.Of(done, []);
        }

        var request = new MongoBackupRequest
        {
            Draft = new BackupDraft
            {
                Id = part.Backup,
                Engine = MongoFacts.Engine,
                Source = part.Name,
                StartedAt = time.GetUtcNow(),
                CompressionLevel = part.CompressionLevel,
                Labels = part.Labels,
            },
            Address = address,
            Parallelism = part.Parallelism,
        };
        var commit = await engine.BackupAsync(repository, request, new StatisticsText(report), cancellationToken);
        return Evidence.Of(commit.Summary, commit.Tiers);
    }

    // Every tier has an archive of its own; one that reaches the point is enough to restore, the others are named.
    private async Task<ImmutableSortedDictionary<string, string>> ArchiveAsync(
        IBackupRepository repository, PartOrder part, MongoAddress address, Action<string> report, CancellationToken cancellationToken)
    {
        var summary = await repository.FindAsync(part.Backup, cancellationToken)
            ?? throw new DrMeshException(DrMeshError.RepositoryBackupUnknown, $"no tier has backup {part.Backup}", "start the backup again");
        var from = Position(summary.Facts.GetValueOrDefault(MongoFacts.Position));
        var to = Position(part.Point);
        var lost = new List<string>();
        foreach (var tier in repository.Tiers)
        {
            try
            {
                await ArchiveAsync(repository.OpenLog(part.Name, tier), address, from, to, report, cancellationToken);
            }
            catch (DrMeshException failure) when (tier != repository.Tiers[^1] || lost.Count < repository.Tiers.Count - 1)
            {
                lost.Add($"{tier}: {failure.Message}");
            }
        }

        return Evidence.Of(("from", from.ToString()), ("to", to.ToString()), ("lostTiers", string.Join("; ", lost)));
    }

    private async Task ArchiveAsync(ILogArchive archive, MongoAddress address, OpTime from, OpTime to, Action<string> report, CancellationToken cancellationToken)
    {
        var spool = Directory.CreateTempSubdirectory("drmesh-oplog-");
        try
        {
            // The mesh's own archive of the set will have it within its slices' age; where none runs, it began after the copy, or it lags, this one leads there.
            var began = time.GetTimestamp();
            do
            {
                if (await LeadsAsync(archive, from, to, cancellationToken))
                {
                    return;
                }

                await Task.Delay(Poll, time, cancellationToken);
            }
            while (time.GetElapsedTime(began) < Patience);

            var request = new OplogArchiveRequest { Address = address, SpoolDirectory = spool.FullName, StartAt = from, SliceAge = TimeSpan.FromMilliseconds(200) };
            await foreach (var happened in engine.ArchiveAsync(archive, request, cancellationToken))
            {
                report($"oplog archived to {happened.Slice.To}, needed to {to}");
                if (happened.Kind == OplogArchiveEventKind.StoreFailed)
                {
                    throw happened.Failure!;
                }

                if (happened.Kind == OplogArchiveEventKind.Stored && happened.Slice.To >= to)
                {
                    break;
                }
            }

            if (!await LeadsAsync(archive, from, to, cancellationToken))
            {
                throw new DrMeshException(
                    DrMeshError.MongoOplogMissing, $"the oplog archive does not lead from {from} to {to}", "make the oplog larger (replSetResizeOplog) and back up again");
            }
        }
        finally
        {
            spool.Delete(recursive: true);
        }
    }

    private static async Task<bool> LeadsAsync(ILogArchive archive, OpTime from, OpTime to, CancellationToken cancellationToken) =>
        OplogChain.Path((await archive.OplogSlicesAsync(cancellationToken)).Select(slice => slice.Name), from, to) is not null;

    private static OpTime Position(string? text) =>
        OpTime.TryParse(text, out var position) ? position : throw new InvalidOperationException($"'{text}' is no position of an oplog");
}

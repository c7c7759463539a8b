using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Regions;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.MongoDb;
using Microsoft.Extensions.Logging;

namespace DrMesh.Grains.Backups.Archive;

/// <summary>The running oplog archive of one set, tier by tier, off the grain's scheduler. It ends only when stopped, or by a fault that waiting cannot mend.</summary>
internal sealed class OplogArchiveRun : IArchiveRun
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ClusterId _cluster;
    private Task _running = Task.CompletedTask;
    private volatile IReadOnlyList<OplogTierRun> _tiers = [];
    private volatile string? _fault;

    private OplogArchiveRun(ClusterId cluster) => _cluster = cluster;

    public NodeId? Source => null;

    public bool HasEnded => _running.IsCompleted;

    /// <summary>The last operation a majority of the set has, as it was seen last; null: not seen yet.</summary>
    public string? Committed { get; set; }

    /// <summary>Starts it.</summary>
    public static OplogArchiveRun Start(
        ClusterId cluster, IMongoEngine engine, TimeProvider time, ILogger logger, Func<CancellationToken, Task<(MongoAddress Address, IBackupRepository Repository, long SpoolLimit)>> open)
    {
        var run = new OplogArchiveRun(cluster);
        run._running = Task.Run(() => run.RunAsync(engine, time, logger, open));
        return run;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    public ArchiveStatus Status(NodeId here)
    {
        var tiers = _tiers;
        var trouble = _fault ?? tiers.Select(tier => tier.Trouble).FirstOrDefault(known => known is not null);
        return new ArchiveStatus
        {
            Cluster = _cluster,
            WrittenFrom = here,
            IsStreaming = !HasEnded && tiers.Count > 0 && trouble is null,
            Trouble = trouble,
            Received = Committed,
            Tiers = [.. tiers.Select(tier => tier.Status()).OfType<ArchiveTierStatus>()],
            Gaps = [.. tiers.SelectMany(tier => tier.Gaps)],
        };
    }

    private async Task RunAsync(IMongoEngine engine, TimeProvider time, ILogger logger, Func<CancellationToken, Task<(MongoAddress Address, IBackupRepository Repository, long SpoolLimit)>> open)
    {
        try
        {
            logger.OplogArchiveStarted(_cluster);
            var (address, repository, spoolLimit) = await open(_stop.Token);
            await using (repository)
            {
                _tiers = [.. repository.Tiers.Select(tier => new OplogTierRun(_cluster, tier, spoolLimit, time))];
                var running = _tiers.Select(tier => Task.Run(() => tier.RunAsync(engine, repository, address, _stop.Token))).ToArray();
                // A tier ends by a fault only; the others are begun anew with it.
                var first = await Task.WhenAny(running);
                await _stop.CancelAsync();
                await Task.WhenAll(running).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
                await first;
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            logger.ArchiveStopped(_cluster);
        }
        catch (Exception fault)
        {
            _fault = fault is DrMeshException known ? $"{known.Message}; {known.Hint}" : fault.Message;
            logger.ArchiveFailed(_cluster, fault);
        }
    }
}

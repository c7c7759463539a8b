using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Regions;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.PostgreSql;
using Microsoft.Extensions.Logging;

namespace DrMesh.Grains.Backups.Archive;

/// <summary>One running archive, off the grain's scheduler. It ends only when stopped, or by a fault that waiting cannot mend.</summary>
internal sealed class ArchiveRun : IArchiveRun
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ClusterId _cluster;
    private Task _running = Task.CompletedTask;
    private volatile IWalArchiver? _archiver;
    private volatile string? _fault;

    private ArchiveRun(ClusterId cluster, NodeId source)
    {
        _cluster = cluster;
        Source = source;
    }

    /// <summary>The member it streams from.</summary>
    public NodeId? Source { get; }

    /// <summary>Whether it has ended by a fault.</summary>
    public bool HasEnded => _running.IsCompleted;

    /// <summary>Starts it.</summary>
    public static ArchiveRun Start(
        ClusterId cluster, NodeId source, ILogger logger, Func<CancellationToken, Task<(IWalArchiver Archiver, IBackupRepository Repository)>> open)
    {
        var run = new ArchiveRun(cluster, source);
        run._running = Task.Run(() => run.RunAsync(open, logger));
        return run;
    }

    /// <summary>Stops it and waits until its connection is closed.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    /// <summary>Where it stands.</summary>
    public ArchiveStatus Status(NodeId here) => _archiver?.Status is { } status
        ? new ArchiveStatus
        {
            Cluster = _cluster,
            WrittenFrom = here,
            Source = Source,
            IsStreaming = status.IsStreaming && !HasEnded,
            Trouble = _fault ?? status.Trouble,
            Received = status.Timeline is null ? null : status.Received.ToString(),
            Tiers =
            [
                .. status.Tiers.Select(tier => new ArchiveTierStatus
                {
                    Tier = tier.Tier, Position = tier.Position.ToString(), AsOf = tier.AsOf, Failure = tier.Failure,
                }),
            ],
            Gaps = [.. status.Gaps.Select(gap => $"timeline {gap.Timeline}: {gap.From} to {gap.To} is missing: {gap.Reason}")],
            Slot = status.SlotStatus,
            SlotSafeBytes = status.SlotSafeBytes,
            IsSlotLimitBreached = status.IsSlotLimitBreached,
        }
        : new ArchiveStatus { Cluster = _cluster, WrittenFrom = here, Source = Source, Trouble = _fault };

    private async Task RunAsync(Func<CancellationToken, Task<(IWalArchiver Archiver, IBackupRepository Repository)>> open, ILogger logger)
    {
        try
        {
            logger.ArchiveStarted(_cluster, Source!.Value);
            var (archiver, repository) = await open(_stop.Token);
            await using (repository)
            {
                _archiver = archiver;
                await archiver.RunAsync(_stop.Token);
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

using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Recovery;
using DrMesh.Grains.Agents;
using DrMesh.Grains.Estate;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DrMesh.Grains.Databases;

/// <summary>On every silo: keeps the <see cref="MemberBoard"/> fresh, and every cluster's grain alive.</summary>
internal sealed class MemberPolling(
    EstateCache estates, MemberAgents agents, IClusterRecords records, MemberBoard board, IGrainFactory grains, TimeProvider time, ILogger<MemberPolling> logger)
    : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AskLimit = TimeSpan.FromSeconds(2);
    private readonly Dictionary<(ClusterId, string), Task> _asking = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var cluster in estates.Known?.Clusters.OfType<PostgreSqlCluster>() ?? [])
            {
                Once((cluster.Name, ""), () => ReadRecordAsync(cluster.Name, stoppingToken));
                foreach (var member in cluster.Members)
                {
                    Once((cluster.Name, member.Name), async () =>
                        board.Note(cluster.Name, member.Name, await agents.StatusAsync(cluster.Name, member.Name, member.Node, AskLimit, stoppingToken)));
                }
            }
        }
    }

    // One question at a time to each: one that hangs must not gather a queue.
    private void Once((ClusterId, string) what, Func<Task> ask)
    {
        if (_asking.GetValueOrDefault(what) is not { IsCompleted: false })
        {
            _asking[what] = Task.Run(async () =>
            {
                try
                {
                    await ask();
                }
                catch (Exception failure) when (failure is not OperationCanceledException)
                {
                    logger.NotSeen(what.Item1, failure.Message);
                }
            });
        }
    }

    private async Task ReadRecordAsync(ClusterId cluster, CancellationToken cancellationToken)
    {
        if (await records.FindAsync(cluster, cancellationToken) is { } record)
        {
            board.Note(record);
        }

        await grains.GetGrain<IDatabaseClusterGrain>(cluster.Value).GetStatus(cancellationToken);
    }
}

using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Regions;
using DrMesh.Core.Recovery;
using DrMesh.Grains.Agents;
using DrMesh.Grains.Estate;
using DrMesh.Grains.Placement;
using DrMesh.Grains.Regions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DrMesh.Grains.Databases;

/// <summary>
/// On every silo: keeps the <see cref="MemberBoard"/> fresh, with one question a second to each node and one to the control store, however many clusters there are; and keeps its share of the
/// clusters' grains alive.
/// </summary>
internal sealed class MemberPolling(
    EstateCache estates, MemberAgents agents, IClusterRecords records, MemberBoard board, SiloNodes silos, SiloIdentity self, IGrainFactory grains, TimeProvider time,
    ILogger<MemberPolling> logger) : BackgroundService
{
    private const string Records = "the clusters' records";
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AskLimit = TimeSpan.FromSeconds(2);
    private readonly Dictionary<string, Task> _asking = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (estates.Known is not { Clusters.IsEmpty: false } estate)
            {
                continue;
            }

            // Replica sets' records too, where there is nothing else: members that were left behind are looked after by them.
            Once(Records, () => ReadRecordsAsync(stoppingToken));
            var clusters = estate.Clusters.OfType<PostgreSqlCluster>().ToArray();
            foreach (var node in clusters.SelectMany(cluster => cluster.Members.Select(member => (member.Node, Key: new MemberKey(cluster.Name, member.Name)))).GroupBy(entry => entry.Node, entry => entry.Key))
            {
                Once(node.Key.ToString(), () => AskAsync(node.Key, [.. node], stoppingToken));
            }

            foreach (var cluster in Share(clusters))
            {
                Once($"cluster {cluster}", () => grains.GetGrain<IDatabaseClusterGrain>(cluster.Value).GetStatus(stoppingToken));
            }
        }
    }

    // One question at a time to each: one that hangs must not gather a queue.
    private void Once(string what, Func<Task> ask)
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
                    logger.NotPolled(what, failure.Message);
                }
            });
        }
    }

    private async Task ReadRecordsAsync(CancellationToken cancellationToken)
    {
        var asked = time.GetTimestamp();
        board.Note(await records.ListAsync(cancellationToken), asked);
    }

    private async Task AskAsync(NodeId node, MemberKey[] members, CancellationToken cancellationToken)
    {
        var asked = time.GetTimestamp();
        var (reports, problem) = await agents.StatusesAsync(node, [.. members], AskLimit, cancellationToken);
        foreach (var report in reports)
        {
            board.Note(report.Member.Cluster, report.Member.Member, new AgentAnswer<MemberStatus>(report.Status, report.Problem), asked - (long)(report.Age.TotalSeconds * time.TimestampFrequency));
        }

        foreach (var member in problem is null ? [] : members)
        {
            board.Note(member.Cluster, member.Member, new AgentAnswer<MemberStatus>(null, problem), asked);
        }
    }

    // Each cluster is some running silo's; while a silo comes or goes, two may think so, or none for a moment.
    private IEnumerable<ClusterId> Share(PostgreSqlCluster[] clusters)
    {
        var nodes = silos.ActiveNodes().Select(node => node.ToString()).Order(StringComparer.Ordinal).ToArray();
        var own = Array.IndexOf(nodes, self.Node.ToString());
        return clusters.Select(cluster => cluster.Name).Where((_, number) => own < 0 || number % nodes.Length == own);
    }
}

using System.Collections.Concurrent;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Estate;
using DrMesh.Core.Recovery;
using DrMesh.Grains.Agents;
using DrMesh.Grains.Databases;
using DrMesh.Grains.Estate;
using DrMesh.Grains.Regions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DrMesh.Grains.Recovery.Detection;

/// <summary>On every silo: asks every cluster's primary as often as its policy says, and, where the primary is on this machine, watches its process.</summary>
internal sealed class PrimaryObserver(
    EstateCache estates, MemberBoard board, NodeAgents agents, IPrimaryProbeFactory probes, SiloIdentity self, TimeProvider time, ILogger<PrimaryObserver> logger)
    : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(50);
    private readonly ConcurrentDictionary<ClusterId, Watched> _watched = new();
    private readonly long _epoch = time.GetTimestamp();

    private TimeSpan Now => time.GetElapsedTime(_epoch);

    /// <summary>What this silo sees of a cluster's primary.</summary>
    public ObserverReport Report(ClusterId cluster)
    {
        if (!_watched.TryGetValue(cluster, out var watched))
        {
            return new ObserverReport();
        }

        var (view, now) = (watched.View, Now);
        return new ObserverReport
        {
            Primary = view.Primary,
            FailingFor = now - view.FailingSince,
            AnsweringFor = now - view.AnsweringSince,
            Problem = view.Problem,
            Word = watched.Word,
        };
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var estate = estates.Known;
            foreach (var cluster in estate?.Clusters.OfType<PostgreSqlCluster>() ?? [])
            {
                if (board.Record(cluster.Name) is { } record && cluster.Members.FirstOrDefault(member => member.Name == record.Primary) is { } primary)
                {
                    Look(estate!, cluster, primary, stoppingToken);
                }
            }
        }
    }

    private void Look(EstateDocument estate, PostgreSqlCluster cluster, PostgreSqlMember primary, CancellationToken stoppingToken)
    {
        var server = estate.Server(cluster, primary);
        var watched = _watched.GetOrAdd(cluster.Name, _ => new Watched(PrimaryView.Of(primary.Name)));
        if (watched.View.Primary != primary.Name || watched.Server != server)
        {
            watched.Begin(primary.Name, server, probes.Create(server));
        }

        var policy = estate.PolicyOf(cluster).Detection;
        if (watched.Asking.IsCompleted && Now - watched.AskedAt >= policy.ProbeEvery)
        {
            watched.AskedAt = Now;
            watched.Asking = Task.Run(() => AskAsync(watched, policy.ProbeTimeout, stoppingToken), CancellationToken.None);
        }

        if (primary.Node == self.Node && watched.Listening.IsCompleted)
        {
            watched.Listening = Task.Run(() => ListenAsync(watched, cluster.Name, primary.Name, stoppingToken), CancellationToken.None);
        }
    }

    private async Task AskAsync(Watched watched, TimeSpan limit, CancellationToken cancellationToken)
    {
        var (view, asked) = (watched.View, Now);
        var problem = await watched.Probe!.AskAsync(limit, cancellationToken);
        watched.Take(view.Primary, asked, problem);
    }

    // Gone: no process, and no orderly shutdown. Someone who stops a server means it; that is told by the silence of its queries, after the policy's time.
    private async Task ListenAsync(Watched watched, ClusterId cluster, string member, CancellationToken cancellationToken)
    {
        try
        {
            var agent = await agents.FindAsync(cluster, member, cancellationToken);
            if (agent.IsProcessRunning)
            {
                watched.Word = AgentWord.Running;
            }
            else
            {
                var status = await agent.StatusAsync(cancellationToken);
                watched.Word = status is { Role: MemberRole.Stopped, IsShutDown: false } && !agent.IsProcessRunning ? AgentWord.Gone : AgentWord.Silent;
            }
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            watched.Word = AgentWord.Silent;
            logger.NotSeen(cluster, failure.Message);
        }
    }

    private sealed class Watched(PrimaryView view)
    {
        private readonly Lock _lock = new();

        public PrimaryView View { get; private set; } = view;

        public Core.Databases.PostgreSql.PostgresServer? Server { get; private set; }

        public IPrimaryProbe? Probe { get; private set; }

        public AgentWord Word { get; set; }

        public TimeSpan AskedAt { get; set; } = TimeSpan.MinValue / 2;

        public Task Asking { get; set; } = Task.CompletedTask;

        public Task Listening { get; set; } = Task.CompletedTask;

        public void Begin(string primary, Core.Databases.PostgreSql.PostgresServer server, IPrimaryProbe probe)
        {
            lock (_lock)
            {
                if (Probe is { } former)
                {
                    _ = Task.Run(async () => await former.DisposeAsync(), CancellationToken.None);
                }

                (View, Server, Probe, Word) = (PrimaryView.Of(primary), server, probe, AgentWord.Silent);
            }
        }

        // An answer about a member that leads no more is dropped.
        public void Take(string primary, TimeSpan asked, string? problem)
        {
            lock (_lock)
            {
                if (View.Primary == primary)
                {
                    View = View.After(asked, problem);
                }
            }
        }
    }
}

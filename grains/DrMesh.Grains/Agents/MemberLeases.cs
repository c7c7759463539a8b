using System.Collections.Concurrent;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Estate;
using DrMesh.Core.Recovery;
using DrMesh.Grains.Databases;
using DrMesh.Grains.Estate;
using DrMesh.Grains.Regions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DrMesh.Grains.Agents;

/// <summary>On every silo: keeps the leases of its node's members that lead a cluster whose commits may wait for nobody.</summary>
internal sealed class MemberLeases(
    EstateCache estates, MemberBoard board, NodeAgents agents, LeaseRenewal renewal, SiloIdentity self, TimeProvider time, ILogger<MemberLeases> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);
    private readonly ConcurrentDictionary<MemberKey, Kept> _kept = new();
    private readonly CancellationTokenSource _ending = new();

    /// <summary>Before an order after which commits may wait for nobody: takes the lease, if it needs one.</summary>
    /// <returns>Why the order must not be carried out; null: it may.</returns>
    public async Task<string?> RefusalAsync(ClusterId cluster, string member, CancellationToken cancellationToken)
    {
        while (true)
        {
            var estate = await estates.CurrentAsync(cancellationToken);
            var lease = await KeepAsync(estate, estate.PostgreSql(cluster), member, cancellationToken);
            if (await lease.TakeAsync(cancellationToken) is { IsKept: true } taken)
            {
                return taken.Refusal;
            }
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await _ending.CancelAsync();
        await base.StopAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (var kept in _kept.Values)
        {
            kept.Lease.Dispose();
        }

        _ending.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var estate = estates.Known;
            foreach (var cluster in estate?.Clusters.OfType<PostgreSqlCluster>() ?? [])
            {
                foreach (var member in cluster.Members.Where(member => member.Node == self.Node))
                {
                    await LookAsync(estate!, cluster, member.Name, stoppingToken);
                }
            }
        }
    }

    private async Task LookAsync(EstateDocument estate, PostgreSqlCluster cluster, string member, CancellationToken stoppingToken)
    {
        try
        {
            if (board.Record(cluster.Name) is { } record && record.MayLead == member
                && (LeaseRule.IsNeeded(cluster, record, member) || (await agents.FindAsync(cluster.Name, member, stoppingToken)).HasLapsed))
            {
                await KeepAsync(estate, cluster, member, stoppingToken);
            }
        }
        catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
        {
            logger.LeaseNotKept(cluster.Name, member, failure.Message);
        }
    }

    private async Task<MemberLease> KeepAsync(EstateDocument estate, PostgreSqlCluster cluster, string member, CancellationToken cancellationToken)
    {
        var agent = await agents.FindAsync(cluster.Name, member, cancellationToken);
        var length = LeaseRule.LengthOf(estate, cluster);
        var kept = _kept.AddOrUpdate(new MemberKey(cluster.Name, member), key => Begin(key, agent, length), (key, known) => known.Work.IsCompleted ? Begin(key, agent, length) : known);
        _ = kept.Work;
        await kept.Lease.UseAsync(agent, cancellationToken);
        return kept.Lease;
    }

    private Kept Begin(MemberKey key, INodeAgent agent, TimeSpan length)
    {
        var lease = new MemberLease(key.Cluster, key.Member, agent, renewal, time, logger);
        return new Kept(lease, new Lazy<Task>(() => Task.Run(() => lease.KeepAsync(length, _ending.Token))));
    }

    private sealed record Kept(MemberLease Lease, Lazy<Task> Begun)
    {
        public Task Work => Begun.Value;
    }
}

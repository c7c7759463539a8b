using DrMesh.Contracts.Estate;
using DrMesh.Core.Estate;
using DrMesh.Core.Recovery;
using DrMesh.Core.Recovery.ReplicaSets;
using DrMesh.Grains.Backups.Unified;
using DrMesh.Grains.Databases;
using DrMesh.Grains.Estate;
using DrMesh.Grains.Regions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DrMesh.Grains.Recovery;

/// <summary>
/// On every silo: looks after the members of its own region that a forced reconfiguration left behind, and stops one that could elect beside the survivors. It works from what this silo last read of the
/// control store; a region that is cut off from it knows of no forced reconfiguration, which is why a person approves one.
/// </summary>
internal sealed class FormerMemberFence(EstateCache estates, MemberBoard board, IReplicaSetControl control, SiloIdentity self, TimeProvider time, ILogger<FormerMemberFence> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private readonly Dictionary<string, long> _since = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var set in estates.Known?.Clusters.OfType<MongoDbCluster>() ?? [])
            {
                if (board.Record(set.Name) is { FormerMembers.IsEmpty: false } record)
                {
                    await LookAfterAsync(estates.Known!, set, record, stoppingToken);
                }
            }
        }
    }

    private async Task LookAfterAsync(EstateDocument estate, MongoDbCluster set, ClusterRecord record, CancellationToken cancellationToken)
    {
        foreach (var host in set.Members.Where(member => member.Node.Region == self.Node.Region).Select(member => estate.HostAndPort(member.Node, member.Port)).Where(record.FormerMembers.Contains))
        {
            try
            {
                var address = await estate.MongoAsync(set, cancellationToken);
                var look = await control.LookAsync(address, host, cancellationToken);
                if (!FormerMember.CanElect(look, record.FormerBelow))
                {
                    _since.Remove(host);
                    continue;
                }

                _since.TryAdd(host, time.GetTimestamp());
                var survivor = set.Members.FirstOrDefault(member => member.Name == record.Candidate) is { } candidate
                    ? await control.LookAsync(address, estate.HostAndPort(candidate.Node, candidate.Port), cancellationToken)
                    : null;
                if (FormerMember.MustStop(look, record.FormerBelow, time.GetElapsedTime(_since[host]), survivor))
                {
                    logger.FormerMemberStopped(set.Name, host, look.State.ToString(), look.ConfigVersion, record.FormerBelow);
                    await control.StopAsync(address, host, cancellationToken);
                }
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                logger.FormerMemberNotSeen(set.Name, host, failure.Message);
            }
        }
    }
}

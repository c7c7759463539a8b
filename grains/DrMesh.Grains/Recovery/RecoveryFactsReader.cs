using System.Collections.Immutable;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Recovery;
using DrMesh.Contracts.Regions;
using DrMesh.Contracts.Restores;
using DrMesh.Core.Estate;
using DrMesh.Core.Recovery;
using DrMesh.Core.Schedules;
using DrMesh.Grains.Databases;
using DrMesh.Grains.Estate;
using DrMesh.Grains.Placement;
using DrMesh.Grains.Recovery.Sites;

namespace DrMesh.Grains.Recovery;

/// <summary>Gathers what a plan is made from. Records come from the control store, the rest from what this silo last saw: a plan must not wait for a region that is gone.</summary>
internal sealed class RecoveryFactsReader(EstateCache estates, MemberBoard board, ClusterKeeper keeper, SiloNodes silos, IGrainFactory grains, ReplicaSets sets, TimeProvider time)
{
    /// <summary>The facts.</summary>
    /// <exception cref="Contracts.Errors.DrMeshException">The estate has no such application or region.</exception>
    public async Task<RecoveryFacts> ReadAsync(StartRecovery request, CancellationToken cancellationToken)
    {
        var estate = await estates.CurrentAsync(cancellationToken);
        var application = ApplicationScope.Find(estate, request.Application);
        if (request.To is { } to)
        {
            _ = estate.Region(to);
        }

        var found = await Task.WhenAll(application.Clusters.Select(cluster => sets.Records.FindAsync(cluster.Name, cancellationToken)));
        var known = found.OfType<ClusterRecord>().ToImmutableDictionary(record => record.Cluster);
        var members = ImmutableDictionary.CreateBuilder<(ClusterId, string), MemberStatus>();
        var reaches = ImmutableDictionary.CreateBuilder<ClusterId, WalReach>();
        var now = time.GetUtcNow();
        foreach (var cluster in application.Clusters)
        {
            foreach (var member in cluster.Members)
            {
                if (keeper.FreshStatus(cluster.Name, member.Name) is { } status)
                {
                    members[(cluster.Name, member.Name)] = status;
                }
            }

            if (known.TryGetValue(cluster.Name, out var record) && board.Reach(cluster.Name, record.Primary) is { } reach)
            {
                reaches[cluster.Name] = reach;
            }
        }

        var facts = new RecoveryFacts
        {
            Request = request,
            Application = application,
            Records = known,
            Sets = await sets.ReadAsync(application.Sets, look: !request.IsAutomatic, cancellationToken),
            Members = members.ToImmutable(),
            Reaches = reaches.ToImmutable(),
            GuardedNodes =
            [
                .. estate.Regions.SelectMany(region => region.Nodes.Where(node => node.Guard != AgentGuard.None).Select(node => new NodeId(region.Name, node.Name))),
            ],
            OpenRegions = [.. silos.ActiveRegions()],
            Blackout = application.Policy.Failover.Blackouts.FirstOrDefault(blackout => CronWindow.Holds(blackout.Cron, blackout.TimeZone, blackout.Duration, now)),
            Now = now,
        };
        return facts with { Sites = await ReadSitesAsync(facts) };
    }

    // Asked of the machines that would come up: a local repository is read where it lies.
    private async Task<ImmutableDictionary<ClusterId, PitrPlan>> ReadSitesAsync(RecoveryFacts facts)
    {
        var plans = await Task.WhenAll(RecoveryPlanner.SitesToAsk(facts).Select(async site => (site.Cluster, Plan: await AskAsync(site.Cluster, site.Node))));
        return plans.ToImmutableDictionary(entry => entry.Cluster, entry => entry.Plan);
    }

    private async Task<PitrPlan> AskAsync(ClusterId cluster, NodeId node)
    {
        try
        {
            return await grains.GetGrain<ISiteGrain>(node.ToString()).Plan(cluster);
        }
        catch (Exception silent) when (silent is DrMeshException or TimeoutException or OrleansException)
        {
            return new PitrPlan { Target = RecoveryTarget.Latest, Refusal = silent.Message };
        }
    }
}

using System.Collections.Immutable;
using System.Globalization;
using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Estate;
using DrMesh.Core.Recovery;
using DrMesh.Grains.Agents;
using DrMesh.Grains.Estate;
using DrMesh.Grains.Work;

namespace DrMesh.Grains.Recovery.Sites;

/// <summary>Carries a <see cref="SiteOrder"/> out. What is restored is chosen anew each time, by what the tiers that answer have then.</summary>
internal sealed class SiteWorker(NodeAgents agents, EstateCache estates, SiteRepositories repositories) : IWorker
{
    public bool Does(WorkOrder order) => order is SiteOrder;

    public async Task<ImmutableSortedDictionary<string, string>> DoAsync(WorkOrder order, Action<string> report, CancellationToken cancellationToken)
    {
        var site = (SiteOrder)order;
        var estate = await estates.CurrentAsync(cancellationToken);
        var cluster = estate.PostgreSql(site.Cluster);
        var member = cluster.Members.First(known => known.Name == site.Member);
        var agent = await agents.FindAsync(site.Cluster, site.Member, cancellationToken);
        await using var repository = await repositories.OpenAsync(site.Cluster, cancellationToken);
        var plan = await repositories.PlanAsync(site.Cluster, repository, cancellationToken);
        if (plan.Refusal is { } refusal)
        {
            throw new DrMeshException(DrMeshError.RestoreTargetUnusable, refusal, $"drmesh pitr windows {site.Cluster} shows what can be reached");
        }

        var request = new SiteRestore
        {
            Source = site.Cluster.Value,
            Backup = new BackupId(plan.Backup),
            MayRestore = site.MayRestore,
            Port = member.Port,
            // The backup comes from another machine, whose addresses this one does not have.
            Settings = new Dictionary<string, string> { ["listen_addresses"] = estate.Node(member.Node).ListenAddresses() },
            Parallelism = estate.PolicyOf(cluster).Backup.Parallelism,
        };
        var reply = await agent.BringUpAsync(site.Command, request, repository, report, cancellationToken);
        return reply.Obeyed
            ? ImmutableSortedDictionary<string, string>.Empty
                .Add("member", site.Member).Add("method", reply.Detail ?? "").Add("lsn", reply.Lsn.ToString()).Add("timeline", reply.Timeline.ToString())
                .Add("archivedAt", reply.ReplayedTo?.ToString("O", CultureInfo.InvariantCulture) ?? "")
            : throw new DrMeshException(DrMeshError.ServerUnwilling, reply.Reason ?? "the agent refused", $"drmesh cluster show {site.Cluster} tells who leads under which epoch");
    }
}

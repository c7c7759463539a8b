using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Regions;
using DrMesh.Core.Backups.MongoDb;
using DrMesh.Core.Backups.PostgreSql;
using DrMesh.Core.Estate;
using DrMesh.Grains.Backups.Unified;
using DrMesh.Grains.Estate;
using DrMesh.Grains.Placement;

namespace DrMesh.Grains.Backups.Archive;

/// <summary>
/// Decides where a cluster's archive runs: on the machine that holds the policy's first local repository, else beside the primary. It holds no state of its own; two
/// activations at once are kept apart by the slot, which admits one stream, and by the repository, which takes the same content twice.
/// </summary>
internal sealed class ArchiveGrain(AppliedEstates estates, IPostgresEngine engine, IMongoEngine mongo, SiloNodes silos, IGrainFactory grains) : Grain, IArchiveGrain
{
    private NodeId? _node;
    private NodeId? _primary;
    private string? _trouble;

    private ClusterId Cluster => new(this.GetPrimaryKeyString());

    public async Task<ArchiveStatus> Status(CancellationToken cancellationToken)
    {
        if (_node is null)
        {
            // Nothing was archived under this name: it may be no cluster's.
            var estate = await estates.CurrentAsync(cancellationToken);
            _ = estate.Clusters.FirstOrDefault(known => known.Name == Cluster) ?? estate.PostgreSql(Cluster);
        }

        var found = _node is { } node ? await grains.GetGrain<INodeArchiveGrain>(node.ToString()).Status(Cluster) : null;
        return found ?? new ArchiveStatus { Cluster = Cluster, Source = _primary, Trouble = _trouble ?? "it has not begun" };
    }

    public async Task Ensure(CancellationToken cancellationToken)
    {
        var estate = await estates.CurrentAsync(cancellationToken);
        if (estate.Clusters.OfType<MongoDbCluster>().FirstOrDefault(known => known.Name == Cluster) is { } set)
        {
            await EnsureOplogAsync(estate, set, cancellationToken);
            return;
        }

        var cluster = estate.PostgreSql(Cluster);
        var candidates = await Task.WhenAll(estate.Servers(cluster).Select(server => engine.ObserveAsync(server, cancellationToken)));
        var primaries = candidates.Where(candidate => candidate is { IsReachable: true, IsPrimary: true }).ToArray();
        if (primaries.Length != 1)
        {
            // With none the archive that runs waits for its server; with two only the cluster's own decision says which is right.
            _trouble = primaries.Length == 0 ? $"no member of {Cluster} answers as its primary" : $"{primaries.Length} members of {Cluster} answer as primary";
            return;
        }

        _primary = primaries[0].Node;
        if (await TakeNodeAsync(ChooseNode(estate, cluster, [primaries[0].Node]), "no silo runs on the machine of a local repository, nor beside the primary") is { } node)
        {
            await grains.GetGrain<INodeArchiveGrain>(node.ToString()).Ensure(Cluster, primaries[0].Node);
        }
    }

    // Any silo can read a set over the network; beside one of its members it is nearest.
    private async Task EnsureOplogAsync(EstateDocument estate, MongoDbCluster set, CancellationToken cancellationToken)
    {
        string committed;
        try
        {
            var address = await estate.MongoAsync(set, cancellationToken);
            committed = (await Task.Run(() => mongo.ObserveAsync(address, cancellationToken), cancellationToken)).Committed.ToString();
        }
        catch (DrMeshException away)
        {
            // The archive that runs waits for the set by itself.
            _trouble = away.Message;
            return;
        }

        var nodes = set.Members.Select(member => member.Node).Concat(silos.ActiveNodes().OrderBy(node => node.ToString(), StringComparer.Ordinal));
        if (await TakeNodeAsync(ChooseNode(estate, set, nodes), "no silo runs") is { } node)
        {
            await grains.GetGrain<INodeArchiveGrain>(node.ToString()).EnsureOplog(Cluster, committed);
        }
    }

    private async Task<NodeId?> TakeNodeAsync(NodeId? node, string otherwise)
    {
        if (node is null)
        {
            _trouble = otherwise;
            return null;
        }

        if (_node is { } before && before != node)
        {
            await StopAsync(before);
        }

        _node = node;
        _trouble = null;
        return node;
    }

    private async Task StopAsync(NodeId node)
    {
        try
        {
            await grains.GetGrain<INodeArchiveGrain>(node.ToString()).Stop(Cluster);
        }
        catch (DrMeshException gone) when (gone.Code == DrMeshError.RegionUnavailable)
        {
            // The silo that ran it is gone, and the archive with it.
        }
    }

    private NodeId? ChooseNode(EstateDocument estate, ClusterDefinition cluster, IEnumerable<NodeId> others) =>
        estate.Repositories(estate.PolicyOf(cluster).Backup.Repositories)
            .Select(repository => repository.Local?.Node)
            .OfType<NodeId>()
            .Concat(others)
            .Where(silos.IsActive)
            .Select(node => (NodeId?)node)
            .FirstOrDefault();
}

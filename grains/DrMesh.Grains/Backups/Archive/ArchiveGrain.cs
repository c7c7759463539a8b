using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Regions;
using DrMesh.Core.Backups.PostgreSql;
using DrMesh.Core.Estate;
using DrMesh.Grains.Estate;
using DrMesh.Grains.Placement;

namespace DrMesh.Grains.Backups.Archive;

/// <summary>
/// Decides where a cluster's archive runs: on the machine that holds the policy's first local repository, else beside the primary. It holds no state of its own; two
/// activations at once are kept apart by the slot, which admits one stream, and by the repository, which takes the same content twice.
/// </summary>
internal sealed class ArchiveGrain(AppliedEstates estates, IPostgresEngine engine, SiloNodes silos, IGrainFactory grains) : Grain, IArchiveGrain
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
            _ = (await estates.CurrentAsync(cancellationToken)).PostgreSql(Cluster);
        }

        var found = _node is { } node ? await grains.GetGrain<INodeArchiveGrain>(node.ToString()).Status(Cluster) : null;
        return found ?? new ArchiveStatus { Cluster = Cluster, Source = _primary, Trouble = _trouble ?? "it has not begun" };
    }

    public async Task Ensure(CancellationToken cancellationToken)
    {
        var estate = await estates.CurrentAsync(cancellationToken);
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
        var node = ChooseNode(estate, cluster, primaries[0].Node);
        if (node is null)
        {
            _trouble = "no silo runs on the machine of a local repository, nor beside the primary";
            return;
        }

        if (_node is { } before && before != node)
        {
            await StopAsync(before);
        }

        _node = node;
        _trouble = null;
        await grains.GetGrain<INodeArchiveGrain>(node.Value.ToString()).Ensure(Cluster, primaries[0].Node);
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

    private NodeId? ChooseNode(EstateDocument estate, PostgreSqlCluster cluster, NodeId primary) =>
        estate.Repositories(estate.PolicyOf(cluster).Backup.Repositories)
            .Select(repository => repository.Local?.Node)
            .OfType<NodeId>()
            .Append(primary)
            .Where(silos.IsActive)
            .Select(node => (NodeId?)node)
            .FirstOrDefault();
}

using DrMesh.Contracts.Regions;

namespace DrMesh.Grains.Placement;

/// <summary>
/// Which node a silo stands for. A silo's name in the cluster is its node, <c>region/node</c>: the membership table brings it together with
/// the silo's status. The runtime's silo metadata is not asked: it is fetched from each silo by a call after it joined, and a fetch that fails
/// is not tried again for minutes, in which a living silo would have no region.
/// </summary>
internal sealed class SiloNodes(IClusterMembershipService membership)
{
    /// <summary>The node of <paramref name="silo"/>; null when its name is none.</summary>
    public NodeId? NodeOf(SiloAddress silo) =>
        membership.CurrentSnapshot.Members.TryGetValue(silo, out var member) ? NodeOf(member.Name) : null;

    /// <summary>The node a silo's name says; null when it says none.</summary>
    public static NodeId? NodeOf(string? name) => NodeId.TryParse(name);

    /// <summary>Whether a running silo stands for the node.</summary>
    public bool IsActive(NodeId node) =>
        membership.CurrentSnapshot.Members.Values.Any(member => member.Status == SiloStatus.Active && NodeOf(member.Name) == node);

    /// <summary>The regions with a running silo.</summary>
    public IEnumerable<RegionId> ActiveRegions() =>
        membership.CurrentSnapshot.Members.Values
            .Where(member => member.Status == SiloStatus.Active)
            .Select(member => NodeOf(member.Name)?.Region)
            .OfType<RegionId>()
            .Distinct();

    /// <summary>The nodes with a running silo.</summary>
    public IEnumerable<NodeId> ActiveNodes() =>
        membership.CurrentSnapshot.Members.Values
            .Where(member => member.Status == SiloStatus.Active)
            .Select(member => NodeOf(member.Name))
            .OfType<NodeId>()
            .Distinct();
}

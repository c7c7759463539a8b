using DrMesh.Contracts.Errors;
using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace DrMesh.Grains.Placement;

/// <summary>Keeps the silo of the node that the grain's key names; without one the caller is told whether the node or its whole region is missing.</summary>
internal sealed class NodePlacementDirector(SiloNodes nodes) : IPlacementFilterDirector
{
    public IEnumerable<SiloAddress> Filter(PlacementFilterStrategy filterStrategy, PlacementTarget target, IEnumerable<SiloAddress> silos)
    {
        var node = SiloNodes.NodeOf(target.GrainIdentity.Key.ToString())
            ?? throw new ArgumentException($"{target.GrainIdentity} is placed on a node; its key must be region/node");
        var candidates = silos.ToList();
        var there = candidates.Where(silo => nodes.NodeOf(silo) == node).ToList();
        return there.Count > 0 ? there
            : candidates.Any(silo => nodes.NodeOf(silo)?.Region == node.Region) ? throw new NodeUnavailableException(node)
            : throw new RegionUnavailableException(node.Region);
    }
}

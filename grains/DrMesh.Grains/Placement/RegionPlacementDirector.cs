using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Regions;
using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace DrMesh.Grains.Placement;

/// <summary>
/// Keeps the silos of the region that the grain's key names. With none left it throws, and the runtime carries that exception to the caller, in
/// a client or another silo, as the answer to the call.
/// </summary>
internal sealed class RegionPlacementDirector(SiloNodes nodes) : IPlacementFilterDirector
{
    public IEnumerable<SiloAddress> Filter(PlacementFilterStrategy filterStrategy, PlacementTarget target, IEnumerable<SiloAddress> silos)
    {
        var region = new RegionId(target.GrainIdentity.Key.ToString()!);
        var there = silos.Where(silo => nodes.NodeOf(silo)?.Region == region).ToList();
        return there.Count > 0 ? there : throw new RegionUnavailableException(region);
    }
}

using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace DrMesh.TestKit.Recovery;

/// <summary>Lets every silo stand for every node.</summary>
internal sealed class AnyNodeDirector : IPlacementFilterDirector
{
    public IEnumerable<SiloAddress> Filter(PlacementFilterStrategy filterStrategy, PlacementTarget target, IEnumerable<SiloAddress> silos) => silos;
}

using Orleans.Placement;

namespace DrMesh.Grains.Placement;

/// <summary>Marks grains that <see cref="NodePlacementDirector"/> places.</summary>
public sealed class NodePlacementStrategy : PlacementFilterStrategy
{
    /// <summary>Creates the strategy; grains with it take no second filter.</summary>
    public NodePlacementStrategy()
        : base(order: 0)
    {
    }
}

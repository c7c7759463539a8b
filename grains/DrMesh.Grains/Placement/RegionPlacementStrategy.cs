using Orleans.Placement;

namespace DrMesh.Grains.Placement;

/// <summary>Marks grains that <see cref="RegionPlacementDirector"/> places.</summary>
public sealed class RegionPlacementStrategy : PlacementFilterStrategy
{
    /// <summary>Creates the strategy; grains with it take no second filter.</summary>
    public RegionPlacementStrategy()
        : base(order: 0)
    {
    }
}

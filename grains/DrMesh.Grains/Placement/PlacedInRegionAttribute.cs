using Orleans.Placement;

namespace DrMesh.Grains.Placement;

/// <summary>Places the grain on a silo of the region that its key names.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PlacedInRegionAttribute() : PlacementFilterAttribute(new RegionPlacementStrategy());

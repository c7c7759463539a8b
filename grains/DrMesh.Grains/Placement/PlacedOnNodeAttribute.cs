using Orleans.Placement;

namespace DrMesh.Grains.Placement;

/// <summary>Places the grain on the silo of the node that its key names as <c>region/node</c>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PlacedOnNodeAttribute() : PlacementFilterAttribute(new NodePlacementStrategy());

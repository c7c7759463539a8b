namespace DrMesh.Contracts.Regions;

/// <summary>One region as another sees it.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.region-sighting")]
public sealed record RegionSighting
{
    /// <summary>The region looked at.</summary>
    [Id(0)]
    public required RegionId Region { get; init; }

    /// <summary>Whether one of its silos answers.</summary>
    [Id(1)]
    public required Reachability Reachability { get; init; }
}

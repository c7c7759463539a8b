using System.Collections.Immutable;

namespace DrMesh.Contracts.Regions;

/// <summary>A region's own word on itself.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.region-health")]
public sealed record RegionHealth
{
    /// <summary>The region.</summary>
    [Id(0)]
    public required RegionId Region { get; init; }

    /// <summary>When this was observed, by the answering silo's clock.</summary>
    [Id(1)]
    public required DateTimeOffset At { get; init; }

    /// <summary>Its silos, ordered by node.</summary>
    [Id(2)]
    public required ImmutableArray<SiloHealth> Silos { get; init; }

    /// <summary>Which other regions answer to this one, ordered by name.</summary>
    [Id(3)]
    public required ImmutableArray<RegionSighting> Sees { get; init; }
}

using System.Collections.Immutable;

namespace DrMesh.Contracts.Regions;

/// <summary>One silo's word on itself and on what it sees.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.silo-report")]
public sealed record SiloReport
{
    /// <summary>Itself.</summary>
    [Id(0)]
    public required SiloHealth Health { get; init; }

    /// <summary>Which other regions answer to it, ordered by name.</summary>
    [Id(1)]
    public required ImmutableArray<RegionSighting> Sees { get; init; }
}

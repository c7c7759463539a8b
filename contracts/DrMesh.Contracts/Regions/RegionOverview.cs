using System.Collections.Immutable;

namespace DrMesh.Contracts.Regions;

/// <summary>One region in the <see cref="MeshOverview"/>.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.region-overview")]
public sealed record RegionOverview
{
    /// <summary>The region.</summary>
    [Id(0)]
    public required RegionId Region { get; init; }

    /// <summary>Whether it is up.</summary>
    [Id(1)]
    public required RegionState State { get; init; }

    /// <summary>Since when <see cref="State"/> holds, as the answering silo observed it; never earlier than that silo's own start.</summary>
    [Id(2)]
    public required DateTimeOffset Since { get; init; }

    /// <summary>Why it is not <see cref="RegionState.Up"/>; null when it is.</summary>
    [Id(3)]
    public string? Problem { get; init; }

    /// <summary>Its silos, ordered by node. One that does not answer is listed from the membership, without what only it could say.</summary>
    [Id(4)]
    public required ImmutableArray<SiloHealth> Silos { get; init; }

    /// <summary>What the region itself sees of the others, ordered by name; empty when it does not answer.</summary>
    [Id(5)]
    public required ImmutableArray<RegionSighting> Sees { get; init; }
}

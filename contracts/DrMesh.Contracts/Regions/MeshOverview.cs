using System.Collections.Immutable;

namespace DrMesh.Contracts.Regions;

/// <summary>The mesh as one silo saw it.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.mesh-overview")]
public sealed record MeshOverview
{
    /// <summary>The Orleans cluster's name.</summary>
    [Id(0)]
    public required string ClusterId { get; init; }

    /// <summary>When the answer was put together, by the clock of the silo that did.</summary>
    [Id(1)]
    public required DateTimeOffset At { get; init; }

    /// <summary>The silo that answered.</summary>
    [Id(2)]
    public required NodeId AnsweredBy { get; init; }

    /// <summary>Ordered by name.</summary>
    [Id(3)]
    public required ImmutableArray<RegionOverview> Regions { get; init; }

    /// <summary>
    /// The control store as the answering silo sees it. Other silos may see it otherwise: see <see cref="SiloHealth.ControlStore"/>.
    /// </summary>
    [Id(4)]
    public required Reachability ControlStore { get; init; }
}

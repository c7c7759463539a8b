using System.Collections.Immutable;
using DrMesh.Contracts.Estate.Schema;
using DrMesh.Contracts.Regions;

namespace DrMesh.Contracts.Estate;

/// <summary>A region: machines that can be lost together.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.estate-region")]
public sealed record RegionDefinition
{
    /// <summary>The region's name.</summary>
    [Id(0), EstateName("the region's name; the region label of its silos")]
    public required RegionId Name { get; init; }

    /// <summary>A title for people.</summary>
    [Id(1), EstateKey("a title for people, for example the city")]
    public string? Title { get; init; }

    /// <summary>The machines of the region that carry databases or file trees.</summary>
    [Id(2), EstateKey("the machines that carry databases or file trees", AtLeast = "1")]
    public required ImmutableArray<NodeDefinition> Nodes { get; init; }
}

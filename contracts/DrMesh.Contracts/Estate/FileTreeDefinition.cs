using System.Collections.Immutable;
using DrMesh.Contracts.Estate.Schema;
using DrMesh.Contracts.Regions;

namespace DrMesh.Contracts.Estate;

/// <summary>A directory that is backed up and restored as a whole.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.estate-file-tree")]
public sealed record FileTreeDefinition
{
    /// <summary>The tree's name.</summary>
    [Id(0), EstateName("the file tree's name")]
    public required string Name { get; init; }

    /// <summary>The policy that holds for it.</summary>
    [Id(1), EstateKey("the policy that holds for it", RefersTo = "policies")]
    public required string Policy { get; init; }

    /// <summary>The region whose copy is the one in use when nothing is wrong.</summary>
    [Id(2), EstateKey("the region whose copy is in use when nothing is wrong", RefersTo = "regions")]
    public required RegionId PrimaryRegion { get; init; }

    /// <summary>Its copies: where it is read from, and where it is restored to.</summary>
    [Id(3), EstateKey("its copies: where it is read from, and where it is restored to in another region", AtLeast = "1")]
    public required ImmutableArray<FileTreeMember> Members { get; init; }

    /// <summary>What is left out.</summary>
    [Id(4), EstateKey("patterns of what is left out, relative to the tree", Format = ValueFormat.Glob)]
    public ImmutableArray<string> Exclude { get; init; } = [];
}

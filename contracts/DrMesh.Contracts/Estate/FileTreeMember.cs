using DrMesh.Contracts.Estate.Schema;
using DrMesh.Contracts.Regions;

namespace DrMesh.Contracts.Estate;

/// <summary>One copy of a file tree.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.estate-file-tree-member")]
public sealed record FileTreeMember
{
    /// <summary>The copy's name, unique within the tree.</summary>
    [Id(0), EstateName("the copy's name, unique within the tree")]
    public required string Name { get; init; }

    /// <summary>The node it is on.</summary>
    [Id(1), EstateKey("the node it is on", RefersTo = "nodes")]
    public required NodeId Node { get; init; }

    /// <summary>The directory.</summary>
    [Id(2), EstateKey("the directory", Format = ValueFormat.Path)]
    public required string Path { get; init; }
}

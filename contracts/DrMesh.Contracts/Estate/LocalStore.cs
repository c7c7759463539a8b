using DrMesh.Contracts.Estate.Schema;
using DrMesh.Contracts.Regions;

namespace DrMesh.Contracts.Estate;

/// <summary>A repository in a directory of one node.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.estate-local-store")]
public sealed record LocalStore
{
    /// <summary>The node whose directory it is.</summary>
    [Id(0), EstateKey("the node whose disk it is on", RefersTo = "nodes")]
    public required NodeId Node { get; init; }

    /// <summary>The directory.</summary>
    [Id(1), EstateKey("the directory", Format = ValueFormat.Path)]
    public required string Directory { get; init; }
}

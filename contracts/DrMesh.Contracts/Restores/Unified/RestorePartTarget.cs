using DrMesh.Contracts.Backups.Unified;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Regions;

namespace DrMesh.Contracts.Restores.Unified;

/// <summary>Where one part of an application is restored to. Never where it runs.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.restore-part-target")]
public sealed record RestorePartTarget
{
    /// <summary>What the part is.</summary>
    [Id(0)]
    public required PartKind Kind { get; init; }

    /// <summary>The cluster's or file tree's name.</summary>
    [Id(1)]
    public required string Name { get; init; }

    /// <summary>PostgreSQL, files: the machine that gets the files; a silo must run there.</summary>
    [Id(2)]
    public NodeId? Node { get; init; }

    /// <summary>PostgreSQL, files: the directory there; absolute.</summary>
    [Id(3)]
    public string? Directory { get; init; }

    /// <summary>PostgreSQL: the port the restored server listens on.</summary>
    [Id(4)]
    public int? Port { get; init; }

    /// <summary>MongoDB: the empty replica set of the estate that gets the data.</summary>
    [Id(5)]
    public ClusterId? Set { get; init; }
}

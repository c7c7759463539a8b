using System.Collections.Immutable;

namespace DrMesh.Grains.Access;

/// <summary>Who may call the grains of this silo.</summary>
public sealed record AccessOptions
{
    /// <summary>The fewest characters of a mesh secret.</summary>
    public const int ShortestSecret = 32;

    /// <summary>What the silos of one mesh prove to each other that a call comes from one of them.</summary>
    public required string MeshSecret { get; init; }

    /// <summary>The tokens clients may present.</summary>
    public required ImmutableArray<AccessGrant> Grants { get; init; }
}

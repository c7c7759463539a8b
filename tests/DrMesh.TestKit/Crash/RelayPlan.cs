using System.Collections.Immutable;

namespace DrMesh.TestKit.Crash;

/// <summary>The plan of the smallest session that has everything: two runners carry parcels side by side, a person agrees, one hands them over.</summary>
public sealed record RelayPlan
{
    /// <summary>The parcels that are carried side by side.</summary>
    public required ImmutableArray<string> Parcels { get; init; }

    /// <summary>Whether a person must agree before they are handed over.</summary>
    public bool AsksFirst { get; init; }
}

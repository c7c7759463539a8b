using DrMesh.Contracts.Errors;

namespace DrMesh.Core.Backups;

/// <summary>What became of one tier in a pass over several.</summary>
public sealed record TierOutcome
{
    /// <summary>The tier's name.</summary>
    public required string Tier { get; init; }

    /// <summary>Bytes written to it.</summary>
    public long StoredBytes { get; init; }

    /// <summary>Why the tier was lost; null: it holds everything.</summary>
    public DrMeshException? Failure { get; init; }
}

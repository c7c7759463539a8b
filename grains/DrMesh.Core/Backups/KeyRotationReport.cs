namespace DrMesh.Core.Backups;

/// <summary>What a key rotation did, all tiers together.</summary>
public sealed record KeyRotationReport
{
    /// <summary>The new key's name.</summary>
    public required string KeyId { get; init; }

    /// <summary>Keys wrapped under it now.</summary>
    public required long Wrapped { get; init; }

    /// <summary>Keys under the old one removed.</summary>
    public required long Removed { get; init; }
}

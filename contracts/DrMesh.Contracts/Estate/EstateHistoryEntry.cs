namespace DrMesh.Contracts.Estate;

/// <summary>One applied version.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.estate-history-entry")]
public sealed record EstateHistoryEntry
{
    /// <summary>The version, from 1.</summary>
    [Id(0)]
    public required long Version { get; init; }

    /// <summary>When it was applied, by the control store's clock.</summary>
    [Id(1)]
    public required DateTimeOffset AppliedAt { get; init; }

    /// <summary>Who applied it.</summary>
    [Id(2)]
    public required string Actor { get; init; }

    /// <summary>Why, as the person said it.</summary>
    [Id(3)]
    public string? Reason { get; init; }

    /// <summary>SHA-256 of its canonical form, in hexadecimal.</summary>
    [Id(4)]
    public required string Hash { get; init; }
}

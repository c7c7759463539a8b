namespace DrMesh.Contracts.Estate;

/// <summary>One difference between two estates.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.estate-change")]
public sealed record EstateChange
{
    /// <summary>What happens.</summary>
    [Id(0)]
    public required EstateChangeKind Kind { get; init; }

    /// <summary>What it happens to, for example <c>clusters.orders.primaryRegion</c>.</summary>
    [Id(1)]
    public required string Path { get; init; }

    /// <summary>The value before; null for an addition. A whole entry is written as YAML.</summary>
    [Id(2)]
    public string? Before { get; init; }

    /// <summary>The value after; null for a removal. A whole entry is written as YAML.</summary>
    [Id(3)]
    public string? After { get; init; }

    /// <summary>Why a person should look twice; null for a harmless change.</summary>
    [Id(4)]
    public string? Danger { get; init; }
}

using DrMesh.Contracts.Regions;

namespace DrMesh.Contracts.Traffic;

/// <summary>What a name answers while traffic goes to one region.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.region-answer")]
public sealed record RegionAnswer
{
    /// <summary>The region.</summary>
    [Id(0)]
    public required RegionId Region { get; init; }

    /// <summary>Addresses, or for CNAME the one target name; at least one.</summary>
    [Id(1)]
    public required IReadOnlyList<string> Values { get; init; }

    /// <summary>The provider's health check for this region; null: none. Only providers with health checks take it.</summary>
    [Id(2)]
    public string? HealthCheckId { get; init; }

    /// <summary>The provider's own region name, for <see cref="RoutingKind.Latency"/>; null: the same as <see cref="Region"/>.</summary>
    [Id(3)]
    public string? ProviderRegion { get; init; }
}

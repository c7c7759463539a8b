using System.Collections.Immutable;
using DrMesh.Contracts.Estate.Schema;
using DrMesh.Contracts.Regions;

namespace DrMesh.Contracts.Estate;

/// <summary>What a service's names answer while one region serves.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.estate-service-answer")]
public sealed record ServiceAnswer
{
    /// <summary>The region.</summary>
    [Id(0), EstateName("the region", RefersTo = "regions")]
    public required RegionId Region { get; init; }

    /// <summary>The records' values: addresses for A and AAAA, one name for CNAME.</summary>
    [Id(1), EstateKey("the records' values: IP addresses for A and AAAA, one DNS name for CNAME", AtLeast = "1")]
    public required ImmutableArray<string> Values { get; init; }

    /// <summary>The provider's health check of this region.</summary>
    [Id(2), EstateKey("the id of Route 53's health check of this region; required in mode health", Otherwise = "none")]
    public string? HealthCheck { get; init; }
}

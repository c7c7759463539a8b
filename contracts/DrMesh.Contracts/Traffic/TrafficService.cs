namespace DrMesh.Contracts.Traffic;

/// <summary>A service as the estate declares it: its names, how they move, and through which provider.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.traffic-service")]
public sealed record TrafficService
{
    /// <summary>The service.</summary>
    [Id(0)]
    public required ServiceId Id { get; init; }

    /// <summary>The name of a DNS provider in the silos' configuration.</summary>
    [Id(1)]
    public required string Provider { get; init; }

    /// <summary>How the names move.</summary>
    [Id(2)]
    public TrafficMode Mode { get; init; }

    /// <summary>The service's names; at least one. They may lie in several zones of one provider.</summary>
    [Id(3)]
    public required IReadOnlyList<TrafficName> Names { get; init; }

    /// <summary>Names of hooks in the silos' configuration, run in this order after the names have moved.</summary>
    [Id(4)]
    public IReadOnlyList<string> Hooks { get; init; } = [];

    /// <summary>How long to wait until every authoritative server agrees.</summary>
    [Id(5)]
    public TimeSpan VerifyWithin { get; init; } = TimeSpan.FromMinutes(2);
}

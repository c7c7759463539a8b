namespace DrMesh.Contracts.Traffic;

/// <summary>One name of a service and what it answers with, by region.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.traffic-name")]
public sealed record TrafficName
{
    /// <summary>The zone the name lies in.</summary>
    [Id(0)]
    public required DnsName Zone { get; init; }

    /// <summary>The full name.</summary>
    [Id(1)]
    public required DnsName Name { get; init; }

    /// <summary>A, AAAA or CNAME.</summary>
    [Id(2)]
    public required RecordType Type { get; init; }

    /// <summary>How long resolvers may keep an answer; whole seconds.</summary>
    [Id(3)]
    public required TimeSpan Ttl { get; init; }

    /// <summary>How the provider chooses between regions.</summary>
    [Id(4)]
    public RoutingKind Routing { get; init; }

    /// <summary>One answer a region.</summary>
    [Id(5)]
    public required IReadOnlyList<RegionAnswer> Answers { get; init; }
}

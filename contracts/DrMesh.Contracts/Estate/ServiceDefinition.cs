using System.Collections.Immutable;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate.Schema;

namespace DrMesh.Contracts.Estate;

/// <summary>What clients find by a DNS name.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.estate-service")]
public sealed record ServiceDefinition
{
    /// <summary>The service's name.</summary>
    [Id(0), EstateName("the service's name; also its path in /traffic/NAME")]
    public required string Name { get; init; }

    /// <summary>The cluster whose primary's region the names follow.</summary>
    [Id(1), EstateKey("the cluster whose primary's region the names follow", RefersTo = "clusters", Otherwise = "the first cluster of its application")]
    public ClusterId? Cluster { get; init; }

    /// <summary>Who serves the zone.</summary>
    [Id(2), EstateKey("the DNS provider that serves the zone", RefersTo = "dnsProviders")]
    public required string Provider { get; init; }

    /// <summary>The zone.</summary>
    [Id(3), EstateKey("the DNS zone", Format = ValueFormat.DnsName)]
    public required string Zone { get; init; }

    /// <summary>The names clients use, all within the zone.</summary>
    [Id(4), EstateKey("the names clients use, all within the zone", Format = ValueFormat.DnsName, AtLeast = "1")]
    public required ImmutableArray<string> Names { get; init; }

    /// <summary>The records' type.</summary>
    [Id(5), EstateKey("the records' type")]
    public DnsRecordType Record { get; init; } = DnsRecordType.A;

    /// <summary>How a name moves.</summary>
    [Id(6), EstateKey("how a name moves: records are changed, or the provider's own health checks follow /traffic/NAME")]
    public TrafficMode Mode { get; init; } = TrafficMode.Records;

    /// <summary>How the provider chooses among records.</summary>
    [Id(7), EstateKey("how Route 53 chooses among record sets")]
    public DnsRouting Routing { get; init; } = DnsRouting.Simple;

    /// <summary>How long resolvers may keep an answer.</summary>
    [Id(8), EstateKey("how long resolvers may keep an answer; above 60s clients follow a failover late", AtLeast = "1s", AtMost = "7d")]
    public TimeSpan Ttl { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>What the names answer while a region serves.</summary>
    [Id(9), EstateKey("what the names answer while a region serves, by region", AtLeast = "1")]
    public required ImmutableArray<ServiceAnswer> Answers { get; init; }
}

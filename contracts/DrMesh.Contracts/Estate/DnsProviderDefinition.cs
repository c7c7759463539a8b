using System.Collections.Immutable;
using DrMesh.Contracts.Estate.Schema;

namespace DrMesh.Contracts.Estate;

/// <summary>A DNS server or service whose records are changed.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.estate-dns-provider"), EstateOneOf("route53", "powerdns", "rfc2136")]
public sealed record DnsProviderDefinition
{
    /// <summary>The provider's name.</summary>
    [Id(0), EstateName("the provider's name")]
    public required string Name { get; init; }

    /// <summary>Amazon Route 53.</summary>
    [Id(1), EstateKey("Amazon Route 53")]
    public Route53Provider? Route53 { get; init; }

    /// <summary>PowerDNS, by its HTTP API.</summary>
    [Id(2), EstateKey("PowerDNS, by its HTTP API")]
    public PowerDnsProvider? Powerdns { get; init; }

    /// <summary>Any server that takes dynamic updates (RFC 2136) with TSIG.</summary>
    [Id(3), EstateKey("any server that takes dynamic updates (RFC 2136) signed with TSIG")]
    public Rfc2136Provider? Rfc2136 { get; init; }

    /// <summary>The servers asked after a switch.</summary>
    [Id(4), EstateKey("the authoritative servers that are asked after a switch", Format = ValueFormat.HostAndPort, Otherwise = "those the zone's NS records name")]
    public ImmutableArray<string> AuthoritativeServers { get; init; } = [];
}

using DrMesh.Contracts.Estate.Schema;
using DrMesh.Contracts.Regions;

namespace DrMesh.Contracts.Estate;

/// <summary>One server of a PostgreSQL cluster.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.estate-postgresql-member")]
public sealed record PostgreSqlMember
{
    /// <summary>The member's name, unique within the cluster.</summary>
    [Id(0), EstateName("the member's name, unique within the cluster")]
    public required string Name { get; init; }

    /// <summary>The node it runs on.</summary>
    [Id(1), EstateKey("the node it runs on", RefersTo = "nodes")]
    public required NodeId Node { get; init; }

    /// <summary>The port it listens on.</summary>
    [Id(2), EstateKey("the port it listens on", AtLeast = "1", AtMost = "65535")]
    public int Port { get; init; } = 5432;

    /// <summary>Its data directory.</summary>
    [Id(3), EstateKey("its data directory", Format = ValueFormat.Path)]
    public required string DataDirectory { get; init; }

    /// <summary>The systemd unit that runs it, on a node whose host is systemd.</summary>
    [Id(4), EstateKey("the systemd unit that runs it; needed on a node with host: systemd")]
    public string? Unit { get; init; }

    /// <summary>The address of Patroni's REST API, on a node whose host is patroni.</summary>
    [Id(5), EstateKey("the address of the REST API of its own Patroni; needed on a node with host: patroni", Format = ValueFormat.Url)]
    public string? PatroniUrl { get; init; }

    /// <summary>Whether it may become primary.</summary>
    [Id(6), EstateKey("whether it may become primary")]
    public bool Promotable { get; init; } = true;
}

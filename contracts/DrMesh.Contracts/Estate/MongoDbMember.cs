using DrMesh.Contracts.Estate.Schema;
using DrMesh.Contracts.Regions;

namespace DrMesh.Contracts.Estate;

/// <summary>One server of a replica set.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.estate-mongodb-member")]
public sealed record MongoDbMember
{
    /// <summary>The member's name, unique within the cluster.</summary>
    [Id(0), EstateName("the member's name, unique within the cluster")]
    public required string Name { get; init; }

    /// <summary>The node it runs on.</summary>
    [Id(1), EstateKey("the node it runs on", RefersTo = "nodes")]
    public required NodeId Node { get; init; }

    /// <summary>The port it listens on.</summary>
    [Id(2), EstateKey("the port it listens on", AtLeast = "1", AtMost = "65535")]
    public int Port { get; init; } = 27017;

    /// <summary>How gladly it becomes primary; 0 is never.</summary>
    [Id(3), EstateKey("how gladly it becomes primary; 0 is never", AtLeast = "0", AtMost = "1000")]
    public int Priority { get; init; } = 1;

    /// <summary>Whether it votes.</summary>
    [Id(4), EstateKey("whether it votes in elections")]
    public bool Votes { get; init; } = true;

    /// <summary>The systemd unit that runs it.</summary>
    [Id(5), EstateKey("the systemd unit that runs it; needed on a node with host: systemd")]
    public string? Unit { get; init; }
}

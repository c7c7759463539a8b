using DrMesh.Contracts.Estate.Schema;

namespace DrMesh.Contracts.Estate;

/// <summary>A machine that carries databases or file trees; a silo with its label runs beside them.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.estate-node")]
public sealed record NodeDefinition
{
    /// <summary>The node's name within its region.</summary>
    [Id(0), EstateName("the node's name within its region; the node label of its silo")]
    public required string Name { get; init; }

    /// <summary>How other nodes reach it.</summary>
    [Id(1), EstateKey("the host name or IP address at which other nodes reach it", Format = ValueFormat.Host)]
    public required string Address { get; init; }

    /// <summary>What starts and stops its database servers.</summary>
    [Id(2), EstateKey("what starts and stops its database servers")]
    public AgentHost Host { get; init; } = AgentHost.PgCtl;

    /// <summary>Whether a database server of this node can outlive its agent.</summary>
    [Id(3), EstateKey("whether a database server of this node ends with its agent")]
    public AgentGuard Guard { get; init; } = AgentGuard.None;
}

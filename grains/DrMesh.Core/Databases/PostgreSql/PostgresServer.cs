using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Regions;

namespace DrMesh.Core.Databases.PostgreSql;

/// <summary>One server of a cluster, as the estate describes it, and how it is connected to.</summary>
public sealed record PostgresServer
{
    /// <summary>The node it runs on.</summary>
    public required NodeId Node { get; init; }

    /// <summary>The host name or address it is reached at.</summary>
    public required string Host { get; init; }

    /// <summary>The port it listens on.</summary>
    public required int Port { get; init; }

    /// <summary>Its data directory on the node.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The database to connect to.</summary>
    public required string Database { get; init; }

    /// <summary>The role that looks and backs up.</summary>
    public required DatabaseUser ControlUser { get; init; }

    /// <summary>The role that replicates.</summary>
    public required DatabaseUser ReplicationUser { get; init; }

    /// <summary>How connections are secured.</summary>
    public required TlsMode Tls { get; init; }

    /// <summary>The certificates of trusted authorities; null: the machine's own.</summary>
    public string? TlsAuthorityFile { get; init; }

    /// <summary>The user of its Patroni's REST API; null: it asks for no password.</summary>
    public DatabaseUser? PatroniUser { get; init; }
}

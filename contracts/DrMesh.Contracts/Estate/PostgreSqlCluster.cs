using System.Collections.Immutable;
using DrMesh.Contracts.Estate.Schema;

namespace DrMesh.Contracts.Estate;

/// <summary>A PostgreSQL primary and its streaming standbys.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.estate-postgresql-cluster")]
public sealed record PostgreSqlCluster : ClusterDefinition
{
    /// <summary>When a commit is acknowledged.</summary>
    [Id(0), EstateKey("when a commit is acknowledged")]
    public DurabilityDefinition Durability { get; init; } = new();

    /// <summary>The database DrMesh itself connects to.</summary>
    [Id(1), EstateKey("the database that is connected to")]
    public string Database { get; init; } = "postgres";

    /// <summary>The role that looks, promotes and backs up.</summary>
    [Id(2), EstateKey("the role that looks, promotes and backs up")]
    public required DatabaseUser ControlUser { get; init; }

    /// <summary>The role standbys and the archive replicate with.</summary>
    [Id(3), EstateKey("the role that standbys and the continuous archive replicate with")]
    public required DatabaseUser ReplicationUser { get; init; }

    /// <summary>Its servers.</summary>
    [Id(4), EstateKey("its servers; a member's name is its application_name towards the primary", AtLeast = "1")]
    public required ImmutableArray<PostgreSqlMember> Members { get; init; }

    /// <summary>The user of the REST API of the Patroni beside each of its servers.</summary>
    [Id(5), EstateKey("the user of Patroni's REST API, as Patroni's restapi.authentication says", Otherwise = "none: the API asks for no password")]
    public DatabaseUser? PatroniUser { get; init; }
}

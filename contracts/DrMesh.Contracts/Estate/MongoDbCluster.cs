using System.Collections.Immutable;
using DrMesh.Contracts.Estate.Schema;

namespace DrMesh.Contracts.Estate;

/// <summary>A MongoDB replica set.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.estate-mongodb-cluster")]
public sealed record MongoDbCluster : ClusterDefinition
{
    /// <summary>The set's own name.</summary>
    [Id(0), EstateKey("the replica set's own name (replSetName)")]
    public required string ReplicaSet { get; init; }

    /// <summary>The user that looks, steps down and backs up.</summary>
    [Id(1), EstateKey("the user that looks, steps down and backs up", Otherwise = "no authentication")]
    public DatabaseUser? ControlUser { get; init; }

    /// <summary>The database the user is defined in.</summary>
    [Id(2), EstateKey("the database the user is defined in")]
    public string AuthenticationDatabase { get; init; } = "admin";

    /// <summary>Its servers.</summary>
    [Id(3), EstateKey("its servers", AtLeast = "1")]
    public required ImmutableArray<MongoDbMember> Members { get; init; }
}

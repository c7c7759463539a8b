using System.Collections.Immutable;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Regions;

namespace DrMesh.Console.Commands.Status;

/// <summary>A database cluster as the estate declares it, and how it stands.</summary>
internal sealed record ClusterLine
{
    /// <summary>Its name.</summary>
    public required ClusterId Cluster { get; init; }

    /// <summary><c>postgresql</c> or <c>mongodb</c>.</summary>
    public required string Engine { get; init; }

    /// <summary>Where its primary runs when nothing is wrong.</summary>
    public required RegionId PrimaryRegion { get; init; }

    /// <summary>The nodes of its members.</summary>
    public required ImmutableArray<NodeId> Members { get; init; }

    /// <summary>How it stands; null: it was not asked, or did not answer.</summary>
    public ClusterStatus? Now { get; init; }

    /// <summary>The line of a declared cluster.</summary>
    public static ClusterLine From(ClusterDefinition cluster) => new()
    {
        Cluster = cluster.Name,
        PrimaryRegion = cluster.PrimaryRegion,
        Engine = cluster is PostgreSqlCluster ? "postgresql" : "mongodb",
        Members = cluster switch
        {
            PostgreSqlCluster postgres => [.. postgres.Members.Select(member => member.Node)],
            MongoDbCluster mongo => [.. mongo.Members.Select(member => member.Node)],
            _ => [],
        },
    };
}

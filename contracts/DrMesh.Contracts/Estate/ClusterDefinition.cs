using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate.Schema;
using DrMesh.Contracts.Regions;

namespace DrMesh.Contracts.Estate;

/// <summary>A database cluster: one primary, and members that follow it.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.estate-cluster")]
[EstateVariant("engine", "postgresql", typeof(PostgreSqlCluster))]
[EstateVariant("engine", "mongodb", typeof(MongoDbCluster))]
public abstract record ClusterDefinition
{
    /// <summary>The cluster's name.</summary>
    [Id(0), EstateName("the cluster's name")]
    public required ClusterId Name { get; init; }

    /// <summary>The policy that holds for it.</summary>
    [Id(1), EstateKey("the policy that holds for it", RefersTo = "policies")]
    public required string Policy { get; init; }

    /// <summary>Where the primary runs when nothing is wrong.</summary>
    [Id(2), EstateKey("where the primary runs when nothing is wrong", RefersTo = "regions")]
    public required RegionId PrimaryRegion { get; init; }

    /// <summary>How connections are secured.</summary>
    [Id(3), EstateKey("how connections to the servers are secured")]
    public TlsMode Tls { get; init; } = TlsMode.Require;

    /// <summary>The certificates of the authorities that are trusted.</summary>
    [Id(4), EstateKey("the file with the certificates of trusted authorities", Format = ValueFormat.Path, Otherwise = "the machine's own")]
    public string? TlsAuthorityFile { get; init; }
}

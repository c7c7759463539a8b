using System.Collections.Immutable;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Regions;
using DrMesh.Core.Databases.PostgreSql;
using DrMesh.Core.Errors;

namespace DrMesh.Core.Estate;

/// <summary>Finds what a name of an applied estate stands for. An unknown name is an error that shows the nearest known one.</summary>
public static class EstateLookup
{
    /// <summary>A PostgreSQL cluster.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.EstateUnknownName"/>.</exception>
    public static PostgreSqlCluster PostgreSql(this EstateDocument estate, ClusterId cluster)
    {
        ArgumentNullException.ThrowIfNull(estate);
        return estate.Clusters.OfType<PostgreSqlCluster>().FirstOrDefault(known => known.Name == cluster)
            ?? throw new DrMeshException(
                DrMeshError.EstateUnknownName,
                $"the estate has no PostgreSQL cluster {cluster}",
                NearestName.Hint(cluster.Value, [.. estate.Clusters.OfType<PostgreSqlCluster>().Select(known => known.Name.Value)]));
    }

    /// <summary>A region.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.EstateUnknownName"/>.</exception>
    public static RegionDefinition Region(this EstateDocument estate, RegionId name)
    {
        ArgumentNullException.ThrowIfNull(estate);
        return estate.Regions.FirstOrDefault(known => known.Name == name)
            ?? throw new DrMeshException(
                DrMeshError.EstateUnknownName, $"the estate has no region {name}", NearestName.Hint(name.Value, [.. estate.Regions.Select(known => known.Name.Value)]));
    }

    /// <summary>A MongoDB replica set.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.EstateUnknownName"/>.</exception>
    public static MongoDbCluster MongoDb(this EstateDocument estate, ClusterId cluster)
    {
        ArgumentNullException.ThrowIfNull(estate);
        return estate.Clusters.OfType<MongoDbCluster>().FirstOrDefault(known => known.Name == cluster)
            ?? throw new DrMeshException(
                DrMeshError.EstateUnknownName,
                $"the estate has no MongoDB replica set {cluster}",
                NearestName.Hint(cluster.Value, [.. estate.Clusters.OfType<MongoDbCluster>().Select(known => known.Name.Value)]));
    }

    /// <summary>An application.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.EstateUnknownName"/>.</exception>
    public static ApplicationDefinition Application(this EstateDocument estate, string name)
    {
        ArgumentNullException.ThrowIfNull(estate);
        return estate.Applications.FirstOrDefault(known => known.Name == name)
            ?? throw new DrMeshException(
                DrMeshError.EstateUnknownName,
                $"the estate has no application {name}",
                NearestName.Hint(name, [.. estate.Applications.Select(known => known.Name)]));
    }

    /// <summary>The cluster whose primary's region a service's names follow: its own, or the first of its application; null: it has none.</summary>
    public static ClusterId? ClusterOf(this EstateDocument estate, ServiceDefinition service)
    {
        ArgumentNullException.ThrowIfNull(estate);
        ArgumentNullException.ThrowIfNull(service);
        return service.Cluster ?? (estate.Applications.FirstOrDefault(known => known.Services.Contains(service.Name)) is { Clusters: [var first, ..] } ? first : null);
    }

    /// <summary>A file tree.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.EstateUnknownName"/>.</exception>
    public static FileTreeDefinition FileTree(this EstateDocument estate, string name)
    {
        ArgumentNullException.ThrowIfNull(estate);
        return estate.FileTrees.FirstOrDefault(known => known.Name == name)
            ?? throw new DrMeshException(
                DrMeshError.EstateUnknownName, $"the estate has no file tree {name}", NearestName.Hint(name, [.. estate.FileTrees.Select(known => known.Name)]));
    }

    /// <summary>The copy of a tree that is in use: the one in its primary region, else the first.</summary>
    public static FileTreeMember Used(this FileTreeDefinition tree) =>
        tree.Members.FirstOrDefault(member => member.Node.Region == tree.PrimaryRegion) ?? tree.Members[0];

    /// <summary>A policy by its name; a validated estate has every policy that something names.</summary>
    public static PolicyDefinition Policy(this EstateDocument estate, string name) => estate.Policies.First(policy => policy.Name == name);

    /// <summary>A hook by its name; a validated estate has every hook that something names.</summary>
    public static HookDefinition Hook(this EstateDocument estate, string name) => estate.Hooks.First(hook => hook.Name == name);

    /// <summary>The policy that holds for a cluster; a validated estate always has it.</summary>
    public static PolicyDefinition PolicyOf(this EstateDocument estate, ClusterDefinition cluster) =>
        estate.Policies.First(policy => policy.Name == cluster.Policy);

    /// <summary>How a cluster, replica set or file tree is backed up.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.EstateUnknownName"/>.</exception>
    public static BackupPolicy BackupPolicyOf(this EstateDocument estate, string source)
    {
        ArgumentNullException.ThrowIfNull(estate);
        var policy = estate.Clusters.FirstOrDefault(cluster => cluster.Name.Value == source)?.Policy ?? estate.FileTrees.FirstOrDefault(tree => tree.Name == source)?.Policy;
        return policy is not null
            ? estate.Policy(policy).Backup
            : throw new DrMeshException(
                DrMeshError.EstateUnknownName,
                $"the estate has no cluster or file tree {source}",
                NearestName.Hint(source, [.. estate.Clusters.Select(known => known.Name.Value), .. estate.FileTrees.Select(known => known.Name)]));
    }

    /// <summary>A node; a validated estate has every node that something refers to.</summary>
    public static NodeDefinition Node(this EstateDocument estate, NodeId node) =>
        estate.Regions.First(region => region.Name == node.Region).Nodes.First(known => known.Name == node.Name);

    /// <summary>The repositories of these names, in their order.</summary>
    public static IEnumerable<RepositoryDefinition> Repositories(this EstateDocument estate, IEnumerable<string> names) =>
        names.Select(name => estate.Repositories.FirstOrDefault(repository => repository.Name == name) ?? throw new DrMeshException(
            DrMeshError.EstateUnknownName,
            $"the estate has no repository {name}",
            NearestName.Hint(name, [.. estate.Repositories.Select(known => known.Name)])));

    /// <summary>A member of a cluster as a server to connect to.</summary>
    public static PostgresServer Server(this EstateDocument estate, PostgreSqlCluster cluster, PostgreSqlMember member) => new()
    {
        Node = member.Node,
        Host = estate.Node(member.Node).Address,
        Port = member.Port,
        DataDirectory = member.DataDirectory,
        Database = cluster.Database,
        ControlUser = cluster.ControlUser,
        ReplicationUser = cluster.ReplicationUser,
        Tls = cluster.Tls,
        TlsAuthorityFile = cluster.TlsAuthorityFile,
        PatroniUser = cluster.PatroniUser,
    };

    /// <summary>A port of a node as others reach it: <c>address:port</c>.</summary>
    public static string HostAndPort(this EstateDocument estate, NodeId node, int port) => $"{estate.Node(node).Address}:{port}";

    /// <summary>Where each member of a cluster runs.</summary>
    public static ImmutableSortedDictionary<string, NodeId> NodesOfMembers(this PostgreSqlCluster cluster) =>
        cluster.Members.ToImmutableSortedDictionary(member => member.Name, member => member.Node, StringComparer.Ordinal);

    /// <summary>Every member of a cluster as a server to connect to.</summary>
    public static IReadOnlyList<PostgresServer> Servers(this EstateDocument estate, PostgreSqlCluster cluster) =>
        [.. cluster.Members.Select(member => estate.Server(cluster, member))];
}

using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Regions;
using DrMesh.Core.Estate.Reading;

namespace DrMesh.Core.Estate.Checks;

/// <summary>What a check looks at, and where it reports. A name that is not declared is null here; <see cref="ReferenceChecks"/> reports it.</summary>
internal sealed class CheckContext
{
    private readonly Dictionary<NodeId, NodeDefinition> _nodes = [];
    private readonly Dictionary<string, PolicyDefinition> _policies;
    private readonly Dictionary<string, RepositoryDefinition> _repositories;
    private readonly Dictionary<ClusterId, ClusterDefinition> _clusters;
    private readonly ILookup<ClusterId, ApplicationDefinition> _applications;

    public CheckContext(EstateDocument estate, Findings findings)
    {
        Estate = estate;
        Findings = findings;
        foreach (var region in estate.Regions)
        {
            foreach (var node in region.Nodes)
            {
                _nodes[new NodeId(region.Name, node.Name)] = node;
            }
        }

        _policies = estate.Policies.ToDictionary(policy => policy.Name);
        _repositories = estate.Repositories.ToDictionary(repository => repository.Name);
        _clusters = estate.Clusters.ToDictionary(cluster => cluster.Name);
        _applications = estate.Applications.SelectMany(application => application.Clusters.Distinct().Select(cluster => (cluster, application)))
            .ToLookup(pair => pair.cluster, pair => pair.application);
    }

    public EstateDocument Estate { get; }

    public Findings Findings { get; }

    public NodeDefinition? Node(NodeId id) => _nodes.GetValueOrDefault(id);

    public PolicyDefinition? Policy(string name) => _policies.GetValueOrDefault(name);

    public RepositoryDefinition? Repository(string name) => _repositories.GetValueOrDefault(name);

    public ClusterDefinition? Cluster(ClusterId id) => _clusters.GetValueOrDefault(id);

    /// <summary>Entries in the order the file has them, so that of two that collide the second is reported.</summary>
    public IEnumerable<T> InFileOrder<T>(IEnumerable<T> entries, Func<T, string> path) =>
        entries.OrderBy(entry => Findings.PlaceOf(path(entry)).Line).ThenBy(entry => Findings.PlaceOf(path(entry)).Column);

    /// <summary>The policies whose failover rules hold for a cluster, each with the path that names it: its own and its application's.</summary>
    public IEnumerable<(PolicyDefinition Policy, string Path)> FailoverPolicies(ClusterDefinition cluster)
    {
        if (Policy(cluster.Policy) is { } own)
        {
            yield return (own, $"clusters.{cluster.Name}.policy");
        }

        foreach (var application in _applications[cluster.Name])
        {
            if (application.Policy != cluster.Policy && Policy(application.Policy) is { } policy)
            {
                yield return (policy, $"applications.{application.Name}.policy");
            }
        }
    }

    /// <summary>The members of any cluster.</summary>
    public static IEnumerable<ClusterMember> MembersOf(ClusterDefinition cluster) => cluster switch
    {
        PostgreSqlCluster postgres => postgres.Members.Select(member => new ClusterMember(
            $"clusters.{cluster.Name}.members.{member.Name}", member.Name, member.Node, member.Port, member.Promotable, member.Unit)),
        MongoDbCluster mongo => mongo.Members.Select(member => new ClusterMember(
            $"clusters.{cluster.Name}.members.{member.Name}", member.Name, member.Node, member.Port, member.Priority > 0, member.Unit)),
        _ => [],
    };
}

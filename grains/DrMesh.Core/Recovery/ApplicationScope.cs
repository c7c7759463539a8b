using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Regions;
using DrMesh.Core.Errors;

namespace DrMesh.Core.Recovery;

/// <summary>What fails over together.</summary>
/// <param name="Name">The application's name; a cluster that belongs to none counts as one of its own name.</param>
/// <param name="Policy">The policy that holds.</param>
/// <param name="Clusters">Its PostgreSQL clusters, in the estate's order.</param>
/// <param name="Services">Its services, in the estate's order.</param>
/// <param name="Hooks">What is called around it.</param>
public sealed record ApplicationScope(
    string Name, PolicyDefinition Policy, ImmutableArray<PostgreSqlCluster> Clusters, ImmutableArray<ServiceDefinition> Services, SessionHooks Hooks)
{
    // An estate never changes, and every look at each of its clusters asks.
    private static readonly ConditionalWeakTable<EstateDocument, Scopes> Known = [];

    /// <summary>Its replica sets, in the estate's order.</summary>
    public ImmutableArray<MongoDbCluster> Sets { get; init; } = [];

    /// <summary>Clusters and replica sets in the one order they move in, the estate's.</summary>
    public ImmutableArray<ClusterId> Order
    {
        get => field.IsDefault ? [.. Everything.Select(cluster => cluster.Name)] : field;
        init;
    }

    /// <summary>Where the first of them is at home.</summary>
    public RegionId PrimaryRegion => Everything.First(cluster => cluster.Name == Order[0]).PrimaryRegion;

    private IEnumerable<ClusterDefinition> Everything => Clusters.Concat<ClusterDefinition>(Sets);

    /// <summary>Finds it by name.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.EstateUnknownName"/>: nothing has the name, or a cluster that belongs to an application was named.</exception>
    public static ApplicationScope Find(EstateDocument estate, string name)
    {
        ArgumentNullException.ThrowIfNull(estate);
        var all = All(estate);
        if (all.FirstOrDefault(scope => scope.Name == name) is { } found)
        {
            return found;
        }

        throw all.FirstOrDefault(scope => scope.Everything.Any(cluster => cluster.Name.Value == name)) is { } owner
            ? new DrMeshException(DrMeshError.EstateUnknownName, $"cluster {name} belongs to application {owner.Name}, which moves as a whole", $"name the application: {owner.Name}")
            : new DrMeshException(DrMeshError.EstateUnknownName, $"the estate has no application {name}", NearestName.Hint(name, [.. all.Select(scope => scope.Name)]));
    }

    /// <summary>Every application with a PostgreSQL cluster or a replica set, then the clusters and sets that belong to none.</summary>
    public static ImmutableArray<ApplicationScope> All(EstateDocument estate) => Known.GetValue(estate, Read).All;

    /// <summary>What a cluster fails over with: the first application that has it, else itself.</summary>
    public static ApplicationScope Of(EstateDocument estate, ClusterId cluster) => Known.GetValue(estate, Read).ByCluster[cluster];

    private static Scopes Read(EstateDocument estate)
    {
        var clusters = estate.Clusters.OfType<PostgreSqlCluster>().ToArray();
        var sets = estate.Clusters.OfType<MongoDbCluster>().ToArray();
        var applications = estate.Applications
            .Select(application => new ApplicationScope(
                application.Name,
                estate.Policies.First(policy => policy.Name == application.Policy),
                [.. application.Clusters.Select(name => clusters.FirstOrDefault(cluster => cluster.Name == name)).OfType<PostgreSqlCluster>()],
                [.. application.Services.Select(service => estate.Services.First(known => known.Name == service))],
                application.Hooks)
            {
                Sets = [.. application.Clusters.Select(name => sets.FirstOrDefault(set => set.Name == name)).OfType<MongoDbCluster>()],
                Order = [.. application.Clusters.Where(name => estate.Clusters.Any(cluster => cluster.Name == name))],
            })
            .Where(scope => scope.Everything.Any())
            .ToArray();
        var alone = estate.Clusters.Where(cluster => cluster is PostgreSqlCluster or MongoDbCluster)
            .Where(cluster => applications.All(scope => !scope.Everything.Contains(cluster)))
            .Select(cluster => new ApplicationScope(
                cluster.Name.Value,
                estate.Policies.First(policy => policy.Name == cluster.Policy),
                [.. new[] { cluster }.OfType<PostgreSqlCluster>()],
                [.. estate.Services.Where(service => service.Cluster == cluster.Name)],
                new SessionHooks())
            {
                Sets = [.. new[] { cluster }.OfType<MongoDbCluster>()],
            });
        ImmutableArray<ApplicationScope> all = [.. applications, .. alone];
        return new Scopes(
            all, all.SelectMany(scope => scope.Everything.Select(cluster => (cluster.Name, Scope: scope))).DistinctBy(entry => entry.Name).ToFrozenDictionary(entry => entry.Name, entry => entry.Scope));
    }

    private sealed record Scopes(ImmutableArray<ApplicationScope> All, FrozenDictionary<ClusterId, ApplicationScope> ByCluster);
}

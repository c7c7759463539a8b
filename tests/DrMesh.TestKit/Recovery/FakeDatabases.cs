using System.Globalization;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Regions;
using DrMesh.Core.Recovery;
using DrMesh.Core.Recovery.ReplicaSets;
using DrMesh.Core.Traffic;
using DrMesh.Grains.Estate;
using DrMesh.Grains.Placement;
using DrMesh.Grains.Recovery.Sites;
using DrMesh.Grains.Regions;
using DrMesh.Grains.Traffic;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Configuration;
using Orleans.Placement;

namespace DrMesh.TestKit.Recovery;

/// <summary>An estate of many clusters on fake servers, each with a member in each of three regions, and what a silo needs to move them.</summary>
public sealed class FakeDatabases
{
    private const int FirstPort = 10_000;

    private FakeDatabases(EstateDocument estate) => (Estate, Leases) = (estate, new FakeLeaseRecords(Records));

    /// <summary>The regions; every cluster's primary is in the first at the beginning.</summary>
    public static IReadOnlyList<RegionId> Regions { get; } = [new("east"), new("west"), new("third")];

    /// <summary>What is declared.</summary>
    public EstateDocument Estate { get; }

    /// <summary>The servers.</summary>
    public FakeDatabaseServers Servers { get; } = new();

    /// <summary>The control store's records.</summary>
    public FakeClusterRecords Records { get; } = new();

    /// <summary>The control store's leases.</summary>
    public FakeLeaseRecords Leases { get; }

    /// <summary>What hooks call.</summary>
    public FakeHooks Hooks { get; } = new();

    /// <summary>Makes them.</summary>
    /// <param name="clusters">The clusters' names; each is an application of its own.</param>
    /// <param name="strategy">Who starts a failover.</param>
    /// <param name="hooks">What is called around each; null: nothing.</param>
    /// <param name="durability">Whom commits wait for; null: one standby.</param>
    /// <param name="lease">Where commits wait for nobody, the lease; null: the policy's default.</param>
    public static FakeDatabases Create(
        IEnumerable<string> clusters, FailoverStrategy strategy = FailoverStrategy.HotStandby, SessionHooks? hooks = null, DurabilityDefinition? durability = null, TimeSpan? lease = null)
    {
        string[] names = [.. clusters];
        var port = FirstPort;
        // Sites that come up from a repository: nobody there runs, and nobody is waited for.
        var isDark = SiteStrategy.IsFromRepository(strategy);
        var world = new FakeDatabases(new EstateDocument
        {
            Regions = [.. Regions.Select(region => new RegionDefinition { Name = region, Nodes = [new NodeDefinition { Name = "db", Address = "127.0.0.1" }] })],
            Policies =
            [
                new PolicyDefinition
                {
                    Name = "standard",
                    Detection = new DetectionPolicy { DownAfter = TimeSpan.FromMilliseconds(250) },
                    Failover = new FailoverPolicy { Strategy = strategy, MaxPerHour = 60, HoldTime = TimeSpan.Zero, Lease = lease ?? new FailoverPolicy().Lease },
                },
            ],
            Clusters = [.. names.Select(name => new PostgreSqlCluster
            {
                Name = new ClusterId(name),
                Policy = "standard",
                PrimaryRegion = Regions[0],
                Durability = durability ?? new DurabilityDefinition { Mode = isDark ? DurabilityMode.Async : DurabilityMode.Quorum },
                Tls = TlsMode.Disable,
                ControlUser = new DatabaseUser { Name = "postgres" },
                ReplicationUser = new DatabaseUser { Name = "postgres" },
                Members = [.. Regions.Select(region => new PostgreSqlMember
                {
                    Name = region.Value, Node = NodeOf(region), Port = port++, DataDirectory = string.Create(CultureInfo.InvariantCulture, $"/fake/{port}"),
                })],
            })],
            Hooks = hooks is null ? [] : [.. hooks.Before.Concat(hooks.After).Concat(hooks.Notify).Select(name => new HookDefinition { Name = name })],
            Applications = hooks is null ? [] : [.. names.Select(name => new ApplicationDefinition { Name = name, Policy = "standard", Clusters = [new ClusterId(name)], Hooks = hooks })],
        });
        foreach (var cluster in world.Estate.Clusters.OfType<PostgreSqlCluster>())
        {
            world.Servers.Create(cluster);
            if (isDark)
            {
                world.Servers.Darken(cluster.Name);
            }
        }

        return world;
    }

    /// <summary>The node of a region.</summary>
    public static NodeId NodeOf(RegionId region) => new(region, "db");

    /// <summary>The port of a cluster's member in a region.</summary>
    public int PortOf(string cluster, RegionId region) =>
        Estate.Clusters.OfType<PostgreSqlCluster>().First(known => known.Name.Value == cluster).Members.First(member => member.Node.Region == region).Port;

    /// <summary>
    /// How a cluster's servers stand, sorted, with every region but the first called a site: planned while the silo of one is dead, the other one, as good, is taken, and which of them leads makes no difference.
    /// </summary>
    public string DescribeSites(string cluster) =>
        string.Join("; ", Regions.Skip(1).Aggregate(Servers.Describe(new ClusterId(cluster)), (text, site) => text.Replace(site.Value, "a site", StringComparison.Ordinal)).Split("; ").Order(StringComparer.Ordinal));

    /// <summary>Wires a silo that stands for a region's node.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="region">Its region.</param>
    /// <param name="reachesAll">Whether it may stand for every other region's node, too: then two silos are enough for three regions, and any can go on with any work.</param>
    public void Wire(ISiloBuilder silo, RegionId region, bool reachesAll)
    {
        var node = NodeOf(region);
        silo.Services.AddSingleton<AppliedEstates>(new FixedEstates(Estate));
        silo.Services.AddSingleton(new SiloIdentity(node, "standard", "test", TimeProvider.System.GetUtcNow(), TimeProvider.System.GetTimestamp()));
        silo.AddDrMeshPlacement(node);
        if (reachesAll)
        {
            silo.Services.AddPlacementFilter<NodePlacementStrategy, AnyNodeDirector>(ServiceLifetime.Singleton);
        }

        silo.Services.PostConfigure<SiloOptions>(options => options.SiloName = node.ToString());
        silo.Services.AddSingleton<IHookRunner>(Hooks);
        silo.Services.AddSingleton<IClusterRecords>(Records);
        silo.Services.AddSingleton<ILeaseRecords>(Leases);
        silo.Services.AddSingleton<INodeAgentFactory>(Servers);
        silo.Services.AddSingleton<SiteRepositories>(new FakeSiteRepositories());
        silo.Services.AddSingleton<IPrimaryProbeFactory>(Servers);
        // The estate has no services, so that no names move.
        silo.Services.AddSingleton(new DirectTrafficSwitch(null!, null!, null!, TimeProvider.System, NullLogger<DirectTrafficSwitch>.Instance));
        silo.Services.TryAddSingleton<IReplicaSetControl, NoReplicaSets>();
        silo.Services.AddDrMeshDatabases();
        silo.Services.AddDrMeshRecovery();
    }

    /// <summary>Waits until the mesh has taken every cluster on and sees all of it: of a primary that is lost before, nobody knows that it led.</summary>
    /// <param name="grains">A client of the mesh.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task CalmAsync(IGrainFactory grains, CancellationToken cancellationToken)
    {
        var last = "";
        return Eventually.HoldsAsync(
            async () =>
            {
                var seen = await Task.WhenAll(Estate.Clusters.Select(cluster => grains.GetGrain<IDatabaseClusterGrain>(cluster.Name.Value).GetStatus(cancellationToken)));
                last = string.Join('\n', seen.SelectMany(status => status.Findings).Take(5));
                return seen.All(status => status.Findings.IsEmpty && status.PrimaryRegion == Regions[0]);
            },
            TimeSpan.FromSeconds(60),
            () => $"the clusters are not all taken on and in sight: {last}",
            cancellationToken);
    }

    private sealed class FixedEstates(EstateDocument estate) : AppliedEstates(null!)
    {
        public override Task<EstateDocument> CurrentAsync(CancellationToken cancellationToken) => Task.FromResult(estate);
    }
}

using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Regions;
using DrMesh.Grains.Estate;

namespace DrMesh.Grains.Tests.Recovery;

/// <summary>Regions eu, us, ap with a node each, the cluster orders over them, the application shop with a service.</summary>
internal sealed class RecoveryEstate() : AppliedEstates(null!)
{
    public const string Application = "shop";
    public const string Before = "freeze-carts";
    public const string After = "move-cdn";
    public const string Notify = "pager";
    public static readonly ClusterId Cluster = new("orders");
    public static readonly string[] Names = ["eu", "us", "ap"];

    private static readonly EstateDocument Document = new()
    {
        Regions = [.. Names.Select(name => new RegionDefinition { Name = new RegionId(name), Nodes = [new NodeDefinition { Name = "db1", Address = $"{name}.test" }] })],
        Policies =
        [
            new PolicyDefinition
            {
                Name = "standard",
                Failover = new FailoverPolicy { Strategy = FailoverStrategy.HotStandby },
                Detection = new DetectionPolicy { DownAfter = TimeSpan.FromMilliseconds(50) },
            },
        ],
        Clusters =
        [
            new PostgreSqlCluster
            {
                Name = Cluster,
                Policy = "standard",
                PrimaryRegion = new RegionId("eu"),
                Tls = TlsMode.Disable,
                Durability = new DurabilityDefinition { Mode = DurabilityMode.Quorum, Acknowledgements = 1 },
                ControlUser = new DatabaseUser { Name = "control" },
                ReplicationUser = new DatabaseUser { Name = "replication" },
                Members = [.. Names.Select(name => new PostgreSqlMember { Name = name, Node = Node(name), DataDirectory = "/data" })],
            },
        ],
        Services =
        [
            new ServiceDefinition { Name = "orders-db", Cluster = Cluster, Provider = "none", Zone = "shop.test", Names = ["orders.shop.test"], Answers = [] },
        ],
        Hooks = [new HookDefinition { Name = Before }, new HookDefinition { Name = After }, new HookDefinition { Name = Notify }],
        Applications =
        [
            new ApplicationDefinition
            {
                Name = Application, Policy = "standard", Clusters = [Cluster], Services = ["orders-db"], Hooks = new SessionHooks { Before = [Before], After = [After], Notify = [Notify] },
            },
        ],
    };

    public static NodeId Node(string name) => new(new RegionId(name), "db1");

    public override Task<EstateDocument> CurrentAsync(CancellationToken cancellationToken) => Task.FromResult(Document);
}

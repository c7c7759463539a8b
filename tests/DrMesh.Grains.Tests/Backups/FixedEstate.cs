using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Regions;
using DrMesh.Grains.Estate;
using DrMesh.TestKit.Servers;

namespace DrMesh.Grains.Tests.Backups;

/// <summary>An estate with one cluster of one server, and a local repository.</summary>
internal sealed class FixedEstate(EstateDocument estate) : AppliedEstates(null!)
{
    public static readonly NodeId Node = new(new RegionId("east"), "db1");
    public static readonly ClusterId Cluster = new("orders");

    public override Task<EstateDocument> CurrentAsync(CancellationToken cancellationToken) => Task.FromResult(estate);

    public static EstateDocument Of(PostgresServer server, string repositoryDirectory, string keyFile) => new()
    {
        Regions = [new RegionDefinition { Name = Node.Region, Nodes = [new NodeDefinition { Name = Node.Name, Address = "127.0.0.1" }] }],
        Policies =
        [
            new PolicyDefinition { Name = "standard", Backup = new BackupPolicy { Repositories = ["hot"], ContinuousArchive = false } },
        ],
        Repositories =
        [
            new RepositoryDefinition
            {
                Name = "hot",
                Tier = RepositoryTier.Hot,
                Local = new LocalStore { Node = Node, Directory = repositoryDirectory },
                Encryption = new RepositoryEncryption { KeyFile = keyFile },
            },
        ],
        Clusters =
        [
            new PostgreSqlCluster
            {
                Name = Cluster,
                Policy = "standard",
                PrimaryRegion = Node.Region,
                Tls = TlsMode.Disable,
                ControlUser = new DatabaseUser { Name = "postgres" },
                ReplicationUser = new DatabaseUser { Name = "postgres" },
                Members = [new PostgreSqlMember { Name = "a", Node = Node, Port = server.Port, DataDirectory = server.DataDirectory }],
            },
        ],
    };
}

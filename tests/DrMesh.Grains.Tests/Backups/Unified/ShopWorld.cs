using DrMesh.Contracts.Backups.Unified;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Restores.Unified;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.Catalogue;
using DrMesh.Core.Traffic;
using DrMesh.Engines.Files;
using DrMesh.Engines.MongoDb;
using DrMesh.Engines.Repository.Hosting;
using DrMesh.FakeMongoServer.Replication;
using DrMesh.Grains.Estate;
using DrMesh.Grains.Regions;
using DrMesh.TestKit;
using DrMesh.TestKit.Repositories;
using DrMesh.TestKit.Servers;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;

namespace DrMesh.Grains.Tests.Backups.Unified;

/// <summary>An application of a real PostgreSQL server, a fake replica set and a file tree, with a second set to restore into.</summary>
internal sealed class ShopWorld : IAsyncDisposable
{
    public static readonly ClusterId Carts = new("carts");
    public static readonly ClusterId Copy = new("copy");

    private ShopWorld(PostgresServer server, TestDirectory directory, ConsistencyMode mode)
    {
        Server = server;
        Directory = directory;
        System.IO.Directory.CreateDirectory(Tree);
        Estate = Declare(mode);
    }

    public PostgresServer Server { get; }

    public TestDirectory Directory { get; }

    public FakeReplicaSet Set { get; } = FakeReplicaSet.Start(name: "carts");

    public FakeReplicaSet Target { get; } = FakeReplicaSet.Start(name: "copy");

    public GateHooks Hooks { get; } = new();

    public EstateDocument Estate { get; }

    /// <summary>Outlives every silo, as the control store does.</summary>
    public FakeBackupCatalogue Catalogue { get; } = new(TimeProvider.System);

    public string Tree => Path.Combine(Directory.Path, "uploads");

    public static async Task<ShopWorld> StartAsync(ConsistencyMode mode, bool inMemory = false)
    {
        var server = await PostgresServer.StartNewAsync();
        var directory = await TestDirectory.CreateAsync(server.Instance.Install.User, inMemory);
        LocalRepository.WriteKey(Path.Combine(directory.Path, "key"));
        await server.ExecuteAsync("create table orders (id bigint primary key, file text not null, cart bigint not null)");
        return new ShopWorld(server, directory, mode);
    }

    /// <summary>Wires a silo as the silo program does. Every silo stands for the same node, so that another one can go on with its work.</summary>
    public void Wire(ISiloBuilder silo)
    {
        silo.Services.PostConfigure<SiloOptions>(options => options.SiloName = FixedEstate.Node.ToString());
        silo.Services.AddSingleton<AppliedEstates>(new FixedEstate(Estate));
        silo.Services.AddSingleton(new SiloIdentity(FixedEstate.Node, "standard", "test", TimeProvider.System.GetUtcNow(), TimeProvider.System.GetTimestamp()));
        silo.AddDrMeshPlacement(FixedEstate.Node);
        silo.Services.AddSingleton<IHookRunner>(Hooks);
        silo.Services.AddRepositoryEngine();
        silo.Services.AddPostgreSqlEngine();
        silo.Services.AddMongoEngine();
        silo.Services.AddFileTreeEngine();
        silo.Services.AddSingleton<IBackupCatalogue>(Catalogue);
        silo.Services.AddDrMeshBackups();
        silo.Services.AddDrMeshRestores();
        silo.Services.AddDrMeshUnifiedBackups();
        silo.Services.AddDrMeshUnifiedRestores();
    }

    /// <summary>Opens the repository as a bare machine would.</summary>
    public Task<IBackupRepository> OpenRepositoryAsync() => RepositoryHosting.CreateFactory(TimeProvider.System)
        .OpenAsync(RepositoryAddress.Describe(Estate.Repositories, "shop"), TestContext.Current.CancellationToken);

    /// <summary>A request to restore every part under <paramref name="directory"/> and into the second set.</summary>
    public StartUnifiedRestore Restore(string directory, int port) => new()
    {
        Application = "shop",
        Parts =
        [
            new RestorePartTarget { Kind = PartKind.PostgreSql, Name = FixedEstate.Cluster.Value, Node = FixedEstate.Node, Directory = Path.Combine(directory, "data"), Port = port },
            new RestorePartTarget { Kind = PartKind.MongoDb, Name = Carts.Value, Set = Copy },
            new RestorePartTarget { Kind = PartKind.Files, Name = "uploads", Node = FixedEstate.Node, Directory = Path.Combine(directory, "tree") },
        ],
    };

    public async ValueTask DisposeAsync()
    {
        Hooks.Dispose();
        await Set.DisposeAsync();
        await Target.DisposeAsync();
        await Server.DisposeAsync();
        Directory.Dispose();
    }

    private EstateDocument Declare(ConsistencyMode mode)
    {
        var plain = FixedEstate.Of(Server, Path.Combine(Directory.Path, "repository"), Path.Combine(Directory.Path, "key"));
        return plain with
        {
            Policies = [new PolicyDefinition { Name = "standard", Backup = new BackupPolicy { Repositories = ["hot"] } }],
            Clusters = [.. plain.Clusters, Declare(Carts, Set), Declare(Copy, Target)],
            FileTrees =
            [
                new FileTreeDefinition
                {
                    Name = "uploads", Policy = "standard", PrimaryRegion = FixedEstate.Node.Region, Members = [new FileTreeMember { Name = "a", Node = FixedEstate.Node, Path = Tree }],
                },
            ],
            Hooks = [new HookDefinition { Name = "hold" }, new HookDefinition { Name = "release" }, new HookDefinition { Name = "export" }, new HookDefinition { Name = "import" }],
            Applications =
            [
                new ApplicationDefinition
                {
                    Name = "shop",
                    Policy = "standard",
                    Clusters = [FixedEstate.Cluster, Carts],
                    FileTrees = ["uploads"],
                    // A busy machine may take long over little: the limits are for the machinery, the proof is in the ends.
                    Consistency = new ConsistencyDefinition { Mode = mode, FenceLimit = TimeSpan.FromSeconds(20), MarkerWindow = TimeSpan.FromSeconds(20) },
                    State = new ApplicationStateHooks { Quiesce = "hold", Resume = "release", Capture = "export", Restore = "import", DeadManLimit = TimeSpan.FromSeconds(60) },
                },
            ],
        };
    }

    private static MongoDbCluster Declare(ClusterId name, FakeReplicaSet set) => new()
    {
        Name = name,
        Policy = "standard",
        PrimaryRegion = FixedEstate.Node.Region,
        Tls = TlsMode.Disable,
        ReplicaSet = set.Name,
        Members = [.. set.Members.Select(member => new MongoDbMember { Name = $"m{member.Id}", Node = FixedEstate.Node, Port = member.Port })],
    };
}

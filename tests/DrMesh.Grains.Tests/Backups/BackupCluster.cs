using DrMesh.Contracts.Estate;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.Catalogue;
using DrMesh.Engines.MongoDb;
using DrMesh.Engines.Repository.Hosting;
using DrMesh.Grains.Estate;
using DrMesh.Grains.Regions;
using DrMesh.TestKit;
using DrMesh.TestKit.Repositories;
using DrMesh.TestKit.Servers;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;

namespace DrMesh.Grains.Tests.Backups;

/// <summary>A real server, a real repository, and silos that stand for the server's node.</summary>
internal sealed class BackupCluster : IAsyncDisposable
{
    private BackupCluster(PostgresServer server, TestDirectory directory, EstateDocument estate)
    {
        Server = server;
        Directory = directory;
        Estate = estate;
    }

    public PostgresServer Server { get; }

    public TestDirectory Directory { get; }

    public EstateDocument Estate { get; }

    /// <summary>Outlives every silo, as the control store does.</summary>
    public FakeBackupCatalogue Catalogue { get; } = new(TimeProvider.System);

    public static async Task<BackupCluster> StartAsync()
    {
        var server = await PostgresServer.StartNewAsync();
        var directory = await TestDirectory.CreateAsync(server.Instance.Install.User);
        var keyFile = Path.Combine(directory.Path, "key");
        LocalRepository.WriteKey(keyFile);
        return new BackupCluster(server, directory, FixedEstate.Of(server, Path.Combine(directory.Path, "repository"), keyFile));
    }

    /// <summary>Wires a silo as the silo program does. Every silo stands for the same node, so that another one can go on with its work.</summary>
    public void Wire(ISiloBuilder silo)
    {
        silo.Services.PostConfigure<SiloOptions>(options => options.SiloName = FixedEstate.Node.ToString());
        silo.Services.AddSingleton<AppliedEstates>(new FixedEstate(Estate));
        silo.Services.AddSingleton(new SiloIdentity(FixedEstate.Node, "standard", "test", TimeProvider.System.GetUtcNow(), TimeProvider.System.GetTimestamp()));
        silo.AddDrMeshPlacement(FixedEstate.Node);
        silo.Services.AddRepositoryEngine();
        silo.Services.AddPostgreSqlEngine();
        silo.Services.AddMongoEngine();
        silo.Services.AddSingleton<IBackupCatalogue>(Catalogue);
        silo.Services.AddDrMeshBackups();
        silo.Services.AddDrMeshRestores();
    }

    /// <summary>Opens the repository as a bare machine would.</summary>
    public Task<IBackupRepository> OpenRepositoryAsync() => RepositoryHosting.CreateFactory(TimeProvider.System)
        .OpenAsync(RepositoryAddress.Describe(Estate.Repositories, FixedEstate.Cluster.Value), TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Directory.Dispose();
    }
}

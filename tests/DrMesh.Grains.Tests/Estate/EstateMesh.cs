using DrMesh.Contracts.Estate;
using DrMesh.Grains.ControlStore;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.TestingHost;

namespace DrMesh.Grains.Tests.Estate;

/// <summary>Silos that serve the estate, on a control store of their own.</summary>
internal sealed class EstateMesh(InProcessTestCluster cluster) : IAsyncDisposable
{
    public InProcessTestCluster Cluster { get; } = cluster;

    public IEstateGrain Grain => Cluster.Client.GetGrain<IEstateGrain>(IEstateGrain.Key);

    /// <summary>Starts the silos and brings the store to the current schema.</summary>
    public static async Task<EstateMesh> StartAsync(string connectionString, short silos, CancellationToken cancellationToken)
    {
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddDrMeshControlStore(options => options.ConnectionString = connectionString);
            silo.AddDrMeshAudit();
            silo.AddDrMeshEstate();
        });
        // A call that was with a silo that died is lost without a word, and ends by this.
        builder.ConfigureClient(client => client.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = TimeSpan.FromSeconds(10)));
        var cluster = builder.Build();
        await cluster.DeployAsync(cancellationToken);
        await cluster.Silos[0].ServiceProvider.GetRequiredService<ControlStoreMigrator>().MigrateAsync(cancellationToken);
        return new EstateMesh(cluster);
    }

    /// <summary>An estate of two regions.</summary>
    public static string Text(string usAddress = "10.2.0.1") =>
        $$"""
        regions:
          eu:
            nodes:
              a: { address: 10.1.0.1 }
          us:
            nodes:
              a: { address: {{usAddress}} }

        """;

    /// <summary>A request under an operation id of its own.</summary>
    public static ApplyEstate Ask(string text, long expected) => new()
    {
        Source = new EstateSource { FileName = "estate.yaml", Text = text },
        ExpectedVersion = expected,
        OperationId = Guid.NewGuid(),
    };

    /// <summary>The silo on which the grain is active.</summary>
    public async Task<InProcessSiloHandle> HostAsync()
    {
        var address = await Cluster.Client.GetGrain<IManagementGrain>(0).GetActivationAddress(Grain);
        return Cluster.Silos.Single(silo => silo.SiloAddress.Equals(address));
    }

    public async ValueTask DisposeAsync() => await Cluster.DisposeAsync();
}

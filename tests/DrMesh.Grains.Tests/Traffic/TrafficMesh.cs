using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Regions;
using DrMesh.Contracts.Traffic;
using DrMesh.Core.Traffic;
using DrMesh.Engines.Dns;
using DrMesh.Grains.Traffic;
using DrMesh.TestKit;
using DrMesh.TestKit.Servers;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;

namespace DrMesh.Grains.Tests.Traffic;

/// <summary>A silo with the traffic grain, its own state storage that outlives activations, and a real PowerDNS.</summary>
internal sealed class TrafficMesh : IAsyncDisposable, ITrafficDeclarations
{
    public static readonly RegionId Eu = new("eu-west-1");
    public static readonly RegionId Us = new("us-east-1");
    private readonly TestDirectory _directory;
    private readonly InProcessTestCluster _cluster;

    private TrafficMesh(TestDirectory directory, PowerDnsServer server, TimeSpan verifyWithin)
    {
        _directory = directory;
        Server = server;
        var keyFile = Path.Combine(directory.Path, "key");
        File.WriteAllText(keyFile, PowerDnsServer.ApiKey);
        Provider = new DnsProviderDefinition
        {
            Name = "main",
            Powerdns = new PowerDnsProvider { Url = server.ApiUrl.ToString(), ApiKeyFile = keyFile },
            AuthoritativeServers = [server.EndPoint.ToString()],
        };
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.UseInMemoryReminderService();
            silo.Services.AddKeyedSingleton<Orleans.Storage.IGrainStorage>("Default", Storage);
            silo.Services.AddSingleton<Orleans.Storage.IGrainStorage>(Storage);
            silo.Services.AddDns(options => options.CallTimeout = TimeSpan.FromSeconds(5));
            silo.Services.AddSingleton<IDnsProviders>(services => new FaultyProviders(
                ActivatorUtilities.CreateInstance<EngineProviders>(services).Providers, this));
            silo.Services.AddSingleton<ITrafficDeclarations>(this);
            silo.Services.AddDrMeshTraffic(options =>
            {
                options.GiveUpAfter = TimeSpan.FromSeconds(20);
                options.VerifyWithin = verifyWithin;
            });
        });
        _cluster = builder.Build();
    }

    public PowerDnsServer Server { get; }

    public RecordingStorage Storage { get; } = new();

    public DnsProviderDefinition Provider { get; set; }

    public ServiceDefinition Service { get; set; } = new()
    {
        Name = "shop",
        Provider = "main",
        Zone = "example.org",
        Names = ["shop.example.org"],
        Answers =
        [
            new ServiceAnswer { Region = Eu, Values = ["192.0.2.1"] },
            new ServiceAnswer { Region = Us, Values = ["192.0.2.2"] },
        ],
    };

    /// <summary>Runs around each change at the provider: before it, and after it was made.</summary>
    public Action<string>? OnChange { get; set; }

    public ITrafficGrain Shop => _cluster.Client.GetGrain<ITrafficGrain>("shop");

    public IServiceProvider Services => _cluster.Silos[0].ServiceProvider;

    public static async Task<TrafficMesh> StartAsync(TimeSpan? verifyWithin = null)
    {
        var mesh = new TrafficMesh(await TestDirectory.CreateAsync(), await PowerDnsServer.StartNewAsync("example.org"), verifyWithin ?? TimeSpan.FromSeconds(5));
        await mesh._cluster.DeployAsync();
        return mesh;
    }

    /// <summary>Repeats an order until it has ended, as a session does.</summary>
    public async Task<TrafficOperation> SwitchAsync(SwitchTraffic order, CancellationToken cancellationToken)
    {
        TrafficOperation? last = null;
        Exception? lastFault = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    last = await Shop.Switch(order, cancellationToken);
                    return last.EndedAt is not null;
                }
                catch (Exception fault) when (fault is not OperationCanceledException)
                {
                    // A session asks again, too: the state is in the store, whatever became of the call.
                    lastFault = fault;
                    return false;
                }
            },
            TimeSpan.FromSeconds(60),
            () => $"the switch is {last?.Phase}: {last?.Detail}; the store failed {Storage.Failures} times; {lastFault}",
            cancellationToken);
        return last!;
    }

    public static SwitchTraffic To(RegionId region, string id, long? epoch = 1) => new() { OperationId = id, To = region, Epoch = epoch, Reason = "a test" };

    /// <summary>The names' values at the provider.</summary>
    public async Task<IReadOnlyList<RecordSet>> ReadAsync() =>
        await Services.GetRequiredService<IDnsProviders>().Get(Provider).ReadAsync(DnsName.Parse("example.org"), DnsName.Parse("shop.example.org"), default);

    public Task<(ServiceDefinition Service, DnsProviderDefinition Provider)> FindAsync(ServiceId service, CancellationToken cancellationToken) =>
        service.Value == Service.Name
            ? Task.FromResult((Service, Provider))
            : throw new DrMeshException(DrMeshError.TrafficServiceUnknown, $"no service {service}", "");

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await Server.DisposeAsync();
        _directory.Dispose();
    }

    /// <summary>The engine's own providers, made beside the faulty ones that stand in front of them.</summary>
    private sealed class EngineProviders
    {
        public EngineProviders(TimeProvider time)
        {
            var services = new ServiceCollection().AddSingleton(time).AddLogging().AddDns(options => options.CallTimeout = TimeSpan.FromSeconds(5));
            Providers = services.BuildServiceProvider().GetRequiredService<IDnsProviders>();
        }

        public IDnsProviders Providers { get; }
    }

    private sealed class FaultyProviders(IDnsProviders inner, TrafficMesh mesh) : IDnsProviders
    {
        public IDnsProvider Get(DnsProviderDefinition definition) => new FaultyProvider(inner.Get(definition), mesh);
    }

    private sealed class FaultyProvider(IDnsProvider inner, TrafficMesh mesh) : IDnsProvider
    {
        public string Name => inner.Name;

        public ProviderTraits Traits => inner.Traits;

        public Task<IReadOnlyList<RecordSet>> ReadAsync(DnsName zone, DnsName name, CancellationToken cancellationToken) =>
            inner.ReadAsync(zone, name, cancellationToken);

        public async Task<ChangeReceipt> ChangeAsync(ZoneChange change, CancellationToken cancellationToken)
        {
            mesh.OnChange?.Invoke("before");
            var receipt = await inner.ChangeAsync(change, cancellationToken);
            mesh.OnChange?.Invoke("after");
            return receipt;
        }

        public Task ConfirmAsync(ChangeReceipt receipt, CancellationToken cancellationToken) => inner.ConfirmAsync(receipt, cancellationToken);

        public Task<IReadOnlyList<AuthoritativeServer>> ListServersAsync(DnsName zone, CancellationToken cancellationToken) =>
            inner.ListServersAsync(zone, cancellationToken);
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Storage;

namespace DrMesh.Grains.Tests.ControlStore;

/// <summary>Orleans' own AdoNet providers on a store, without a silo around them.</summary>
internal sealed class OrleansProviders : IAsyncDisposable
{
    public const string Storage = "state";
    private readonly IHost _host;

    private OrleansProviders(IHost host) => _host = host;

    public IMembershipTable Membership => _host.Services.GetRequiredService<IMembershipTable>();

    public IReminderTable Reminders => _host.Services.GetRequiredService<IReminderTable>();

    public IGrainStorage Grains => _host.Services.GetRequiredKeyedService<IGrainStorage>(Storage);

    /// <summary>Creates the providers and lets them read their statements, as a silo's start does.</summary>
    /// <param name="database">The store.</param>
    /// <param name="deletesOnClear">Whether a cleared state's row is removed or emptied.</param>
    public static async Task<OrleansProviders> StartAsync(StoreDatabase database, bool deletesOnClear = false)
    {
        var host = new HostBuilder().UseOrleans(silo => silo
            .Configure<ClusterOptions>(options =>
            {
                options.ClusterId = "mesh";
                options.ServiceId = "drmesh";
            })
            .UseAdoNetClustering(options =>
            {
                options.Invariant = "Npgsql";
                options.DataSource = database.Store.Primary;
            })
            .AddAdoNetGrainStorage(Storage, options =>
            {
                options.Invariant = "Npgsql";
                options.DataSource = database.Store.Primary;
                options.DeleteStateOnClear = deletesOnClear;
            })
            .UseAdoNetReminderService(options =>
            {
                options.Invariant = "Npgsql";
                options.DataSource = database.Store.Primary;
            })).Build();
        var providers = new OrleansProviders(host);
        await providers.Membership.InitializeMembershipTableAsync(true, TestContext.Current.CancellationToken);
        await providers.Reminders.StartAsync(TestContext.Current.CancellationToken);
        var lifecycle = new StartOnly();
        ((ILifecycleParticipant<ISiloLifecycle>)providers.Grains).Participate(lifecycle);
        await lifecycle.StartAsync(TestContext.Current.CancellationToken);
        return providers;
    }

    public async ValueTask DisposeAsync()
    {
        await Reminders.StopAsync(CancellationToken.None);
        _host.Dispose();
    }

    private sealed class StartOnly : ISiloLifecycle
    {
        private readonly List<ILifecycleObserver> _observers = [];

        public int HighestCompletedStage => 0;

        public int LowestStoppedStage => 0;

        public IDisposable Subscribe(string observerName, int stage, ILifecycleObserver observer)
        {
            _observers.Add(observer);
            return new MemoryStream();
        }

        public async Task StartAsync(CancellationToken cancellationToken)
        {
            foreach (var observer in _observers)
            {
                await observer.OnStart(cancellationToken);
            }
        }
    }
}

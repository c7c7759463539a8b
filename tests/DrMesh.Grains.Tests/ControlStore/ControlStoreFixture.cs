using DrMesh.Grains.ControlStore;
using DrMesh.TestKit.Servers;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

[assembly: AssemblyFixture(typeof(DrMesh.Grains.Tests.ControlStore.ControlStoreFixture))]

namespace DrMesh.Grains.Tests.ControlStore;

/// <summary>One real PostgreSQL for all tests of the store; each test takes a database of its own.</summary>
public sealed class ControlStoreFixture : IAsyncLifetime
{
    private const string Template = "migrated";
    private PostgresServer? _server;
    private int _databases;

    internal PostgresServer Server => _server ?? throw new InvalidOperationException("the fixture was not initialized");

    public async ValueTask InitializeAsync()
    {
        _server = await PostgresServer.StartNewAsync();
        await _server.ExecuteAsync($"create database {Template}");
        await using var store = Connect(_server.ConnectionStringFor(Template));
        await new ControlStoreMigrator(store).MigrateAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    /// <summary>An empty database.</summary>
    internal async Task<StoreDatabase> CreateDatabaseAsync()
    {
        var name = $"store{Interlocked.Increment(ref _databases)}";
        await Server.ExecuteAsync($"create database {name}");
        return new StoreDatabase(Server, name);
    }

    /// <summary>A database with the current schema, copied from one that was migrated once.</summary>
    internal async Task<StoreDatabase> CreateStoreAsync()
    {
        var name = $"store{Interlocked.Increment(ref _databases)}";
        await Server.ExecuteAsync($"create database {name} template {Template}");
        return new StoreDatabase(Server, name);
    }

    internal static ControlStoreDatabase Connect(string connectionString) =>
        new(Options.Create(new ControlStoreOptions { ConnectionString = connectionString }), NullLogger<ControlStoreDatabase>.Instance);
}

using DrMesh.Grains.ControlStore;
using DrMesh.TestKit.Servers;

namespace DrMesh.Grains.Tests.ControlStore;

/// <summary>One test's database on the shared server.</summary>
internal sealed class StoreDatabase(PostgresServer server, string name) : IAsyncDisposable
{
    public string ConnectionString { get; } = server.ConnectionStringFor(name);

    public ControlStoreDatabase Store { get; } = ControlStoreFixture.Connect(server.ConnectionStringFor(name));

    public ControlStoreSchema Schema => new(Store);

    public ControlStoreMigrator Migrator => new(Store);

    public Task ExecuteAsync(string sql) => server.ExecuteAsync(sql, name);

    public Task<T?> ScalarAsync<T>(string sql) => server.ScalarAsync<T>(sql, name);

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await server.ExecuteAsync($"drop database {name} with (force)");
    }
}

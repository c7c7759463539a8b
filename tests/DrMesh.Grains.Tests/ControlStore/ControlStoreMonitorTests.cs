using DrMesh.Grains.ControlStore;
using DrMesh.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace DrMesh.Grains.Tests.ControlStore;

public sealed class ControlStoreMonitorTests(ControlStoreFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Look_ServerIsNoPrimaryAnyMore_PooledConnectionsAreDroppedAndItIsTold()
    {
        // A server loses its connections with its role, but not what stands before it: an address or a pooler that leads elsewhere now. Here the answer changes under one.
        await using var database = await fixture.CreateDatabaseAsync();
        await database.ExecuteAsync(
            """
            create schema played;
            create table played.role (is_standby bool); insert into played.role values (false);
            create function played.pg_is_in_recovery() returns bool language sql as 'select is_standby from played.role';
            """);
        await using var store = ControlStoreFixture.Connect($"{database.ConnectionString};Pooling=true;Search Path=played,pg_catalog");
        using var monitor = new ControlStoreMonitor(store, TimeProvider.System, NullLogger<ControlStoreMonitor>.Instance);
        await monitor.StartAsync(Cancellation);
        await AwaitAsync(monitor, reachable: true);
        var pooled = await BackendAsync(store);
        (await BackendAsync(store)).ShouldBe(pooled, "the pool gives the same connection again");

        await database.ExecuteAsync("update played.role set is_standby = true");
        await AwaitAsync(monitor, reachable: false);

        monitor.Current.Problem.ShouldBe("the server it is connected to is a standby");
        (await database.ScalarAsync<long>($"select count(*) from pg_stat_activity where pid = {pooled}")).ShouldBe(0);
        await database.ExecuteAsync("update played.role set is_standby = false");
        await AwaitAsync(monitor, reachable: true);
        await monitor.StopAsync(Cancellation);
    }

    private static Task<int> BackendAsync(ControlStoreDatabase store) => store.RunAsync(
        async (connection, cancel) =>
        {
            await using var command = new Npgsql.NpgsqlCommand("select pg_backend_pid()", connection);
            return (int)(await command.ExecuteScalarAsync(cancel))!;
        },
        Cancellation);

    private static Task<TimeSpan> AwaitAsync(ControlStoreMonitor monitor, bool reachable) => Eventually.HoldsAsync(
        () => Task.FromResult(monitor.Current.IsReachable == reachable),
        TimeSpan.FromSeconds(30), () => $"{monitor.Current}", Cancellation);
}

using System.Net;
using System.Net.Sockets;
using DrMesh.Contracts.Errors;
using DrMesh.TestKit.Servers;
using Npgsql;

namespace DrMesh.Grains.Tests.ControlStore;

public sealed class ControlStorePrimaryTests(ControlStoreFixture fixture)
{
    // Which of two servers is a standby is played: what a host answers is looked up in a table.
    private const string PlayRole =
        """
        create schema played;
        create table played.role (is_standby bool); insert into played.role values ({0});
        create function played.pg_is_in_recovery() returns bool language sql as 'select is_standby from played.role';
        """;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(3);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_HostsBeforeThePrimaryAreSilent_IsNotHeldUpByThem()
    {
        // As behind a line that is cut: connections are opened and nobody ever says a word.
        using var silent = new SilentHost();
        await using var store = ControlStoreFixture.Connect(
            $"Host=127.0.0.1:{silent.Port},127.0.0.1:{silent.Port},127.0.0.1:{fixture.Server.Port};Database=postgres;Username=postgres;Timeout=20");

        for (var round = 0; round < 3; round++)
        {
            (await store.RunAsync(PortAsync, Cancellation).WaitAsync(Soon, Cancellation)).ShouldBe(fixture.Server.Port);
            store.ClearPools();
        }
    }

    [Fact]
    public async Task Run_AnotherHostBecomesThePrimary_WhoWaitsForTheFormerIsFreedAndTheNextGoesThere()
    {
        await using var other = await PostgresServer.StartNewAsync();
        await using var first = await fixture.CreateDatabaseAsync();
        var name = new NpgsqlConnectionStringBuilder(first.ConnectionString).Database!;
        await other.ExecuteAsync($"create database {name}");
        await first.ExecuteAsync(PlayRole.Replace("{0}", "false", StringComparison.Ordinal));
        await other.ExecuteAsync(PlayRole.Replace("{0}", "true", StringComparison.Ordinal), name);
        await using var store = ControlStoreFixture.Connect(
            $"Host=127.0.0.1:{fixture.Server.Port},127.0.0.1:{other.Port};Database={name};Username=postgres;Search Path=played,pg_catalog;Command Timeout=60");
        (await store.RunAsync(PortAsync, Cancellation)).ShouldBe(fixture.Server.Port);
        var waiting = store.ExecuteAsync("select pg_sleep(50)", [], Cancellation);

        await first.ExecuteAsync("update played.role set is_standby = true");
        await other.ExecuteAsync("update played.role set is_standby = false", name);
        await store.Primary.LookAgainAsync(Cancellation);

        var ended = await Should.ThrowAsync<DrMeshException>(() => waiting.WaitAsync(Soon, Cancellation));
        ended.Code.ShouldBe(DrMeshError.ControlStoreUnreachable, "whether it took effect is unknown");
        (await store.RunAsync(PortAsync, Cancellation)).ShouldBe(other.Port);
    }

    [Fact]
    public async Task Run_NoHostIsAPrimary_SaysSo()
    {
        await using var database = await fixture.CreateDatabaseAsync();
        await database.ExecuteAsync(PlayRole.Replace("{0}", "true", StringComparison.Ordinal));
        var name = new NpgsqlConnectionStringBuilder(database.ConnectionString).Database!;
        var host = $"127.0.0.1:{fixture.Server.Port}";
        await using var store = ControlStoreFixture.Connect($"Host={host},{host};Database={name};Username=postgres;Search Path=played,pg_catalog");

        var failure = await Should.ThrowAsync<DrMeshException>(() => store.RunAsync(PortAsync, Cancellation));

        failure.Code.ShouldBe(DrMeshError.ControlStoreUnreachable);
        failure.Message.ShouldEndWith("does not answer: none of its hosts is a primary that answers");
    }

    private static async Task<int> PortAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select inet_server_port()", connection);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private sealed class SilentHost : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public SilentHost() => _listener.Start(backlog: 100);

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public void Dispose() => _listener.Dispose();
    }
}

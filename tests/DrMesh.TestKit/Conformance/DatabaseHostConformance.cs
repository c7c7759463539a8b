using DrMesh.Engines.PostgreSql.Hosting;
using DrMesh.TestKit.Servers;
using Shouldly;

namespace DrMesh.TestKit.Conformance;

/// <summary>What every <see cref="IDatabaseHost"/> must do with a running server. A test of a host calls each of these.</summary>
public static class DatabaseHostConformance
{
    /// <summary>A stop is of the kind that was asked for, a start waits until the server answers, and both may come twice.</summary>
    public static async Task StopsAndStartsAsync(IDatabaseHost host, PostgresServer server, ShutdownMode mode, CancellationToken token)
    {
        host.IsRunning.ShouldBeTrue();

        await host.StopAsync(mode, token);

        host.IsRunning.ShouldBeFalse();
        (await server.Instance.ReadControlDataAsync(token))["Database cluster state"].ShouldBe(mode == ShutdownMode.Fast ? "shut down" : "in production");
        await host.StopAsync(mode, token);
        host.IsRunning.ShouldBeFalse();

        await host.StartAsync(token);
        await server.ExecuteAsync("select 1");
        var pid = server.Instance.ReadPostmasterPid();
        await host.StartAsync(token);
        server.Instance.ReadPostmasterPid().ShouldBe(pid, "already running is success");
    }

    /// <summary>A directory that was made a standby's starts as one, and follows whom it says.</summary>
    public static async Task StartsAsTheDirectorySaysAsync(IDatabaseHost host, PostgresServer server, CancellationToken token)
    {
        const string upstream = "host=127.0.0.1 port=1 user=nobody";
        await host.StopAsync(ShutdownMode.Fast, token);
        await File.WriteAllTextAsync(Path.Combine(server.DataDirectory, "standby.signal"), "", token);
        await File.AppendAllLinesAsync(Path.Combine(server.DataDirectory, "postgresql.auto.conf"), [$"primary_conninfo = '{upstream}'"], token);

        await host.StartAsync(token);

        (await server.ScalarAsync<bool>("select pg_is_in_recovery()")).ShouldBeTrue();
        await Eventually.HoldsAsync(
            async () => await server.ScalarAsync<string>("show primary_conninfo") == upstream, TimeSpan.FromSeconds(30), () => "it follows somebody else", token);
    }

    /// <summary>A server that was stopped stays so, and nothing speaks against an order.</summary>
    public static async Task LeavesAStoppedServerAloneAsync(IDatabaseHost host, CancellationToken token)
    {
        (await host.ObjectionAsync(token)).ShouldBeNull();
        await host.StopAsync(ShutdownMode.Immediate, token);

        await host.StaysDownAsync(token);

        host.IsRunning.ShouldBeFalse();
        (await host.ObjectionAsync(token)).ShouldBeNull();
    }
}

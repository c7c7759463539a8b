using DrMesh.Engines.PostgreSql.Hosting;
using DrMesh.Engines.PostgreSql.Hosting.Patroni;
using DrMesh.TestKit.Servers;

namespace DrMesh.Engines.PostgreSql.Tests.Replication;

/// <summary>A real Patroni beside each of some servers, each alone in its cluster, all on one etcd.</summary>
internal sealed class PatroniSet : IAsyncDisposable
{
    private readonly EtcdServer _etcd;
    private readonly IReadOnlyList<PostgresServer> _servers;

    private PatroniSet(EtcdServer etcd, IReadOnlyList<PostgresServer> servers, PatroniServer[] patronis) => (_etcd, _servers, Patronis) = (etcd, servers, patronis);

    public PatroniServer[] Patronis { get; }

    public static async Task<PatroniSet> StartAsync(IReadOnlyList<PostgresServer> servers)
    {
        // Whom a standby follows is where ALTER SYSTEM writes it, as pg_basebackup -R does, and in no file that is the person's own.
        foreach (var server in servers)
        {
            var file = Path.Combine(server.DataDirectory, "postgresql.conf");
            var lines = await File.ReadAllLinesAsync(file);
            var upstream = lines.Where(line => line.StartsWith("primary_conninfo", StringComparison.Ordinal)).ToArray();
            await File.WriteAllLinesAsync(file, lines.Except(upstream));
            await File.AppendAllLinesAsync(Path.Combine(server.DataDirectory, "postgresql.auto.conf"), upstream);
        }

        var etcd = await EtcdServer.StartNewAsync();
        var starting = servers.Select((server, number) => PatroniServer.StartNewAsync(etcd, server, $"m{number}", $"orders-m{number}")).ToArray();
        try
        {
            return new PatroniSet(etcd, servers, await Task.WhenAll(starting));
        }
        catch
        {
            await DisposeAsync([.. starting.Where(one => one.IsCompletedSuccessfully).Select(one => one.Result)], etcd);
            throw;
        }
    }

    public IDatabaseHost HostOf(int number) => new PatroniHost(
        _servers[number].Instance, new PatroniOptions { Url = Patronis[number].Url, ServerPort = _servers[number].Port, User = Patronis[number].Credentials }, TimeProvider.System);

    public ValueTask DisposeAsync() => DisposeAsync(Patronis, _etcd);

    private static async ValueTask DisposeAsync(PatroniServer[] patronis, EtcdServer etcd)
    {
        foreach (var patroni in patronis)
        {
            await patroni.DisposeAsync();
        }

        await etcd.DisposeAsync();
    }
}

using DrMesh.Engines.PostgreSql.Hosting;
using DrMesh.Engines.PostgreSql.Hosting.Patroni;

namespace DrMesh.TestKit.Servers;

/// <summary>A real Patroni beside each of some servers, each alone in its cluster, all on one etcd, with one user.</summary>
public sealed class PatroniSet : IAsyncDisposable
{
    private readonly EtcdServer _etcd;
    private readonly IReadOnlyList<PostgresServer> _servers;

    private PatroniSet(EtcdServer etcd, IReadOnlyList<PostgresServer> servers, PatroniServer[] patronis) => (_etcd, _servers, Patronis) = (etcd, servers, patronis);

    /// <summary>One for each server, in their order.</summary>
    public IReadOnlyList<PatroniServer> Patronis { get; }

    /// <summary>Starts them.</summary>
    /// <param name="servers">Servers that run.</param>
    /// <param name="areEncrypted">Whether their APIs are https.</param>
    public static async Task<PatroniSet> StartAsync(IReadOnlyList<PostgresServer> servers, bool areEncrypted = false)
    {
        ArgumentNullException.ThrowIfNull(servers);
        var etcd = await EtcdServer.StartNewAsync();
        var password = Guid.NewGuid().ToString("N");
        var starting = servers.Select((server, number) => PatroniServer.StartNewAsync(etcd, server, $"m{number}", $"orders-m{number}", areEncrypted, password: password)).ToArray();
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

    /// <summary>What an agent drives one of the servers by.</summary>
    public IDatabaseHost HostOf(int number) => new PatroniHost(
        _servers[number].Instance, new PatroniOptions { Url = Patronis[number].Url, ServerPort = _servers[number].Port, User = Patronis[number].Credentials, AuthorityFile = Patronis[number].Authority }, TimeProvider.System);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => DisposeAsync(Patronis, _etcd);

    private static async ValueTask DisposeAsync(IEnumerable<PatroniServer> patronis, EtcdServer etcd)
    {
        foreach (var patroni in patronis)
        {
            await patroni.DisposeAsync();
        }

        await etcd.DisposeAsync();
    }
}

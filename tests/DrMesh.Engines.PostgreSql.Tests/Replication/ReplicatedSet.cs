using DrMesh.Contracts.Agents;
using DrMesh.Contracts.Estate;
using DrMesh.Engines.PostgreSql.Hosting;
using DrMesh.Engines.PostgreSql.Replication;
using DrMesh.TestKit;
using DrMesh.TestKit.Servers;

namespace DrMesh.Engines.PostgreSql.Tests.Replication;

/// <summary>One primary (<c>m0</c>) and two standbys that stream from it, each with its agent.</summary>
internal sealed class ReplicatedSet : IAsyncDisposable
{
    private readonly List<PostgresServer> _servers;
    private readonly PatroniSet? _patronis;

    private ReplicatedSet(List<PostgresServer> servers, PatroniSet? patronis)
    {
        _servers = servers;
        _patronis = patronis;
        Agents = [.. servers.Select((_, number) => NewAgent(number))];
    }

    public IReadOnlyList<PostgresServer> Servers => _servers;

    public PostgresNodeAgent[] Agents { get; }

    public IReadOnlyList<PatroniServer> Patronis => _patronis?.Patronis ?? [];

    /// <summary>Starts one, its servers run by <c>pg_ctl</c>, or each beside a Patroni.</summary>
    public static async Task<ReplicatedSet> StartAsync(AgentHost host = AgentHost.PgCtl)
    {
        var primary = await PostgresServer.StartNewAsync(new Dictionary<string, string>
        {
            ["wal_keep_size"] = "256MB", ["max_wal_senders"] = "10", ["hot_standby"] = "on",
        });
        List<PostgresServer> servers = [primary, await PostgresServer.StartStandbyAsync(primary, "m1"), await PostgresServer.StartStandbyAsync(primary, "m2")];
        var set = new ReplicatedSet(servers, host == AgentHost.Patroni ? await PatroniSet.StartAsync(servers) : null);
        await Eventually.HoldsAsync(
            async () => (await set.Agents[0].StatusAsync(CancellationToken.None)).Followers.Length == 2, TimeSpan.FromSeconds(60), () => "two standbys do not stream");
        return set;
    }

    public UpstreamServer At(int number) => UpstreamServer.At($"m{number}", "127.0.0.1", _servers[number].Port);

    /// <summary>The agent forgets all but its file, as after a crash of its silo.</summary>
    public void RestartAgent(int number)
    {
        Agents[number].Dispose();
        Agents[number] = NewAgent(number);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var agent in Agents)
        {
            agent.Dispose();
        }

        if (_patronis is { } patronis)
        {
            await patronis.DisposeAsync();
        }

        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }
    }

    private PostgresNodeAgent NewAgent(int number) => new(
        new NodeAgentOptions
        {
            Member = $"m{number}", Instance = _servers[number].Instance, ConnectionString = _servers[number].ConnectionString, ReplicationUser = "postgres", Patience = TimeSpan.FromSeconds(60),
        },
        _patronis?.HostOf(number) ?? new PgCtlHost(_servers[number].Instance),
        TimeProvider.System);
}

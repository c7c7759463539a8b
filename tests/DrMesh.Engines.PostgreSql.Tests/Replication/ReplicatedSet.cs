using DrMesh.Contracts.Agents;
using DrMesh.Engines.PostgreSql.Hosting;
using DrMesh.Engines.PostgreSql.Replication;
using DrMesh.TestKit;
using DrMesh.TestKit.Servers;

namespace DrMesh.Engines.PostgreSql.Tests.Replication;

/// <summary>One primary (<c>m0</c>) and two standbys that stream from it, each with its agent.</summary>
internal sealed class ReplicatedSet : IAsyncDisposable
{
    private readonly List<PostgresServer> _servers;

    private ReplicatedSet(List<PostgresServer> servers)
    {
        _servers = servers;
        Agents = [.. servers.Select((server, number) => NewAgent(server, $"m{number}"))];
    }

    public IReadOnlyList<PostgresServer> Servers => _servers;

    public PostgresNodeAgent[] Agents { get; }

    public static async Task<ReplicatedSet> StartAsync()
    {
        var primary = await PostgresServer.StartNewAsync(new Dictionary<string, string>
        {
            ["wal_keep_size"] = "256MB", ["max_wal_senders"] = "10", ["hot_standby"] = "on",
        });
        List<PostgresServer> servers = [primary, await PostgresServer.StartStandbyAsync(primary, "m1"), await PostgresServer.StartStandbyAsync(primary, "m2")];
        var set = new ReplicatedSet(servers);
        await Eventually.HoldsAsync(
            async () => (await set.Agents[0].StatusAsync(CancellationToken.None)).Followers.Length == 2, TimeSpan.FromSeconds(60), () => "two standbys do not stream");
        return set;
    }

    public UpstreamServer At(int number) => UpstreamServer.At($"m{number}", "127.0.0.1", _servers[number].Port);

    /// <summary>The agent forgets all but its file, as after a crash of its silo.</summary>
    public void RestartAgent(int number)
    {
        Agents[number].Dispose();
        Agents[number] = NewAgent(_servers[number], $"m{number}");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (agent, server) in Agents.Zip(_servers))
        {
            agent.Dispose();
            await server.DisposeAsync();
        }
    }

    private static PostgresNodeAgent NewAgent(PostgresServer server, string name) => new(
        new NodeAgentOptions
        {
            Member = name, Instance = server.Instance, ConnectionString = server.ConnectionString, ReplicationUser = "postgres", Patience = TimeSpan.FromSeconds(60),
        },
        new PgCtlHost(server.Instance),
        TimeProvider.System);
}

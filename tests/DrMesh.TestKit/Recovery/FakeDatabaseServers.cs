using System.Globalization;
using DrMesh.Contracts.Agents;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Databases.PostgreSql;
using DrMesh.Core.Recovery;

namespace DrMesh.TestKit.Recovery;

/// <summary>
/// FAKE database servers with their agents, in memory and at once, for the questions that are not about PostgreSQL: whether a session ends alike wherever its silo dies, and what the mesh itself
/// costs with many clusters. They keep what <see cref="INodeAgent"/> promises: the highest epoch is remembered, a lower one refused, a promise follows nobody, a fence stops. A running standby
/// always has what its running primary has. They outlive every silo.
/// </summary>
public sealed class FakeDatabaseServers : INodeAgentFactory, IPrimaryProbeFactory
{
    private readonly Lock _lock = new();
    private readonly Dictionary<int, FakeDatabaseServer> _servers = [];
    private readonly Dictionary<ClusterId, List<FakeDatabaseServer>> _clusters = [];
    private readonly Dictionary<string, int> _promotions = new(StringComparer.Ordinal);
    private readonly TimeProvider _time = TimeProvider.System;
    private long _calls;

    /// <summary>Questions and orders answered so far.</summary>
    public long Calls => Interlocked.Read(ref _calls);

    /// <summary>Makes every member of a cluster run: that of its primary region leads, the others follow and acknowledge as the estate wants.</summary>
    public void Create(PostgreSqlCluster cluster)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        lock (_lock)
        {
            var leader = cluster.Members.First(member => member.Node.Region == cluster.PrimaryRegion);
            foreach (var member in cluster.Members)
            {
                var server = _servers[member.Port] = new FakeDatabaseServer(cluster.Name, member.Name, member.Port)
                {
                    IsPrimary = member == leader,
                    Follows = member == leader ? null : leader.Port,
                    Set = member == leader && cluster.Durability.Mode == DurabilityMode.Quorum
                        ? AcknowledgingSet.Of(cluster.Durability.Acknowledgements, cluster.Members.Where(other => other != leader).Select(other => other.Name))
                        : AcknowledgingSet.Nobody,
                };
                if (!_clusters.TryGetValue(cluster.Name, out var members))
                {
                    _clusters[cluster.Name] = members = [];
                }

                members.Add(server);
            }
        }
    }

    /// <summary>Kills a server's process.</summary>
    public void Kill(int port)
    {
        lock (_lock)
        {
            _servers[port].IsRunning = false;
        }
    }

    /// <summary>Lets no order reach a server's agent, or all again.</summary>
    public void CutOff(int port, bool isCut)
    {
        lock (_lock)
        {
            _servers[port].IsCutOff = isCut;
        }
    }

    /// <summary>Whether a server may acknowledge writes, and whom its commits wait for.</summary>
    public (bool MayWrite, AcknowledgingSet Set) Writes(int port) => Look(port, server => (server is { IsRunning: true, IsPrimary: true }, server.Set));

    /// <summary>Who leads, who follows whom on which timeline under which epoch, and how often each was promoted: one line, the same for equal worlds.</summary>
    public string Describe(ClusterId cluster)
    {
        lock (_lock)
        {
            return string.Join("; ", _clusters[cluster].OrderBy(server => server.Port).Select(server => string.Create(
                CultureInfo.InvariantCulture,
                $"{server.Member} {(server.IsRunning ? "runs" : "stands")} as {(server.IsPrimary ? "primary" : "standby")} of {NameOf(server.Follows)} on timeline {server.Timeline}{(server.IsFenced ? ", fenced" : "")}, promoted {_promotions.GetValueOrDefault($"{cluster}/{server.Member}")} times")));
        }
    }

    /// <inheritdoc/>
    public INodeAgent Create(PostgresServer server, NodeDefinition node, PostgreSqlMember member)
    {
        ArgumentNullException.ThrowIfNull(server);
        return new FakeNodeAgent(this, server.Port);
    }

    /// <inheritdoc/>
    public IPrimaryProbe Create(PostgresServer server)
    {
        ArgumentNullException.ThrowIfNull(server);
        return new FakeProbe(this, server.Port);
    }

    internal T Look<T>(int port, Func<FakeDatabaseServer, T> look)
    {
        lock (_lock)
        {
            return look(_servers[port]);
        }
    }

    internal MemberStatus Status(int port)
    {
        Interlocked.Increment(ref _calls);
        lock (_lock)
        {
            var server = _servers[port];
            Stream(server);
            return new MemberStatus
            {
                Role = !server.IsRunning ? MemberRole.Stopped : server.IsPrimary ? MemberRole.Primary : MemberRole.Standby,
                Epoch = server.Epoch,
                IsFenced = server.IsFenced || server.HasLapsed,
                SystemId = 7,
                Timeline = server.Timeline,
                Lsn = server.Lsn,
                Replayed = server.IsPrimary ? Lsn.None : server.Lsn,
                Upstream = !server.IsPrimary && UpstreamOf(server) is { } upstream ? $"127.0.0.1:{upstream.Port}" : null,
                SynchronousStandbyNames = server.Set.ToString(),
                Followers = !server.IsPrimary
                    ? []
                    : [.. _clusters[server.Cluster].Where(other => other != server && UpstreamOf(other) == server).Select(other => new FollowerStatus
                    {
                        Name = other.Member, Flushed = other.Lsn, Replayed = other.Lsn, SyncState = "quorum",
                    })],
                IsShutDown = server is { IsRunning: false, IsShutDown: true },
                WalLevel = "replica",
                CanRewind = true,
            };
        }
    }

    /// <summary>Every agent's clock.</summary>
    internal TimeSpan Now => _time.GetElapsedTime(0);

    /// <summary>Carries an order out under its epoch.</summary>
    internal AgentReply Obey(int port, AgentCommand command, Func<FakeDatabaseServer, string?> act)
    {
        Interlocked.Increment(ref _calls);
        lock (_lock)
        {
            var server = _servers[port];
            if (server.IsCutOff)
            {
                throw new TimeoutException($"the agent of {server.Member} is cut off");
            }

            if (command.Epoch < server.Epoch)
            {
                return new AgentReply { Obeyed = false, Epoch = server.Epoch, Reason = $"epoch {command.Epoch} is over; {server.Member} has seen {server.Epoch}" };
            }

            server.Epoch = command.Epoch;
            Stream(server);
            return act(server) is { } refusal
                ? new AgentReply { Obeyed = false, Epoch = command.Epoch, Reason = $"{server.Member}: {refusal}" }
                : new AgentReply { Obeyed = true, Epoch = command.Epoch, Timeline = server.Timeline, Lsn = server.Lsn, Detail = "" };
        }
    }

    /// <summary>Counts a promotion that took effect.</summary>
    internal void Promoted(FakeDatabaseServer server)
    {
        var name = $"{server.Cluster}/{server.Member}";
        _promotions[name] = _promotions.GetValueOrDefault(name) + 1;
    }

    /// <summary>How far the fake archive of a cluster goes: one record less than its furthest member ever had.</summary>
    internal Lsn ArchivedOf(ClusterId cluster) => _clusters[cluster].Max(server => server.Lsn) + -FakeNodeAgent.Record;

    /// <summary>Stops every member but the one that leads, as at sites that keep only their machines.</summary>
    public void Darken(ClusterId cluster)
    {
        lock (_lock)
        {
            foreach (var server in _clusters[cluster].Where(server => !server.IsPrimary))
            {
                (server.IsRunning, server.Follows, server.Lsn, server.Set) = (false, null, Lsn.None, AcknowledgingSet.Nobody);
            }
        }
    }

    /// <summary>Who streams from a server.</summary>
    internal IEnumerable<FakeDatabaseServer> FollowersOf(FakeDatabaseServer server) => _clusters[server.Cluster].Where(other => other is { IsRunning: true, IsPrimary: false } && other.Follows == server.Port);

    /// <summary>The server at a port.</summary>
    internal FakeDatabaseServer At(int port) => _servers[port];

    // Who follows has what is there to have.
    private void Stream(FakeDatabaseServer asked)
    {
        foreach (var server in _clusters[asked.Cluster])
        {
            if (UpstreamOf(server) is { } upstream && upstream.Lsn > server.Lsn)
            {
                (server.Lsn, server.Timeline) = (upstream.Lsn, upstream.Timeline);
            }
        }
    }

    private FakeDatabaseServer? UpstreamOf(FakeDatabaseServer server) =>
        server is { IsRunning: true, IsPrimary: false, Follows: { } port } && _servers[port] is { IsRunning: true, IsPrimary: true } upstream ? upstream : null;

    private string NameOf(int? port) => port is { } known ? _servers[known].Member : "nobody";

    private sealed class FakeProbe(FakeDatabaseServers servers, int port) : IPrimaryProbe
    {
        public Task<string?> AskAsync(TimeSpan limit, CancellationToken cancellationToken) =>
            Task.FromResult(servers.Status(port).Role == MemberRole.Primary ? null : "it does not answer as a primary");

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

using DrMesh.Contracts.Agents;
using DrMesh.Contracts.Databases;
using DrMesh.Core.Backups;
using DrMesh.Core.Recovery;

namespace DrMesh.TestKit.Recovery;

/// <summary>The agent of a fake server.</summary>
internal sealed class FakeNodeAgent(FakeDatabaseServers servers, int port) : INodeAgent
{
    // One record: every change of what a server is writes something.
    internal const long Record = 0x100;

    public bool IsProcessRunning => servers.Look(port, server => server.IsRunning);

    public bool MayWrite => servers.Look(port, server => server is { IsRunning: true, IsPrimary: true });

    public bool HasLapsed => servers.Look(port, server => server.HasLapsed);

    public Task<MemberStatus> StatusAsync(CancellationToken cancellationToken) => Task.FromResult(servers.Status(port));

    public Task<AgentReply> FenceAsync(AgentCommand command, CancellationToken cancellationToken) => Obey(command, server =>
    {
        server.IsFenced = true;
        (server.IsRunning, server.IsShutDown, server.IsPrimary, server.Follows) = (false, false, false, null);
        return null;
    });

    public Task<AgentReply> UnfenceAsync(AgentCommand command, CancellationToken cancellationToken) => Obey(command, server =>
    {
        if (!server.IsRunning)
        {
            (server.IsRunning, server.IsPrimary, server.Follows) = (true, true, null);
        }

        (server.IsFenced, server.HasLapsed) = (false, false);
        return null;
    });

    public Task<AgentReply> PromiseAsync(AgentCommand command, CancellationToken cancellationToken) =>
        servers.Look(port, server => server.Grants.PromiseRefusal(servers.Now)) is { } granted ? Task.FromResult(new AgentReply { Obeyed = false, Epoch = 0, Reason = granted }) : Obey(command, server =>
    {
        if (server.IsPrimary || !server.IsRunning)
        {
            return server.IsRunning ? "it is a primary" : "it does not run";
        }

        server.Follows = null;
        return null;
    });

    public Task<AgentReply> StopAsync(AgentCommand command, CancellationToken cancellationToken) => Obey(command, server =>
    {
        server.IsFenced = true;
        if (server.IsRunning)
        {
            (server.IsRunning, server.IsShutDown) = (false, true);
            // Whoever follows has the shutdown checkpoint, which is the last record.
            foreach (var follower in servers.FollowersOf(server))
            {
                follower.Lsn = server.Lsn + Record;
            }
        }

        return null;
    });

    public Task<AgentReply> StartAsync(AgentCommand command, CancellationToken cancellationToken) => Obey(command, server =>
    {
        server.IsRunning |= !server.IsFenced;
        return server.IsFenced ? "it is fenced" : null;
    });

    public Task CheckpointAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<AgentReply> PromoteAsync(AgentCommand command, AcknowledgingSet set, CancellationToken cancellationToken) => Obey(command, server =>
    {
        if (server.IsFenced || !server.IsRunning)
        {
            return server.IsFenced ? "it is fenced" : "it does not run";
        }

        if (!server.IsPrimary)
        {
            servers.Promoted(server);
            (server.IsPrimary, server.Follows, server.Set) = (true, null, set);
            (server.Timeline, server.Lsn) = (new TimelineId(server.Timeline.Value + 1), server.Lsn + Record);
        }

        return null;
    });

    public Task<AgentReply> ProveWriteAsync(AgentCommand command, bool waits, CancellationToken cancellationToken) => Obey(command, server =>
    {
        if (!server.IsPrimary || !server.IsRunning)
        {
            return "it is a standby";
        }

        server.Lsn += Record;
        return null;
    });

    public Task<AgentReply> RepointAsync(AgentCommand command, UpstreamServer upstream, CancellationToken cancellationToken) => Obey(command, server =>
    {
        if (server is { IsRunning: true, IsPrimary: true })
        {
            return "it is a running primary; fence it first";
        }

        Follow(server, upstream);
        return null;
    });

    public Task<AgentReply> RewindAsync(AgentCommand command, UpstreamServer upstream, CancellationToken cancellationToken) => Obey(command, server =>
    {
        var leader = servers.At(upstream.Port);
        (server.Lsn, server.Timeline) = (leader.Lsn, leader.Timeline);
        Follow(server, upstream);
        return null;
    });

    public Task<AgentReply> ReseedAsync(AgentCommand command, UpstreamServer upstream, CancellationToken cancellationToken) => RewindAsync(command, upstream, cancellationToken);

    public Task<AgentReply> SetAcknowledgingAsync(AgentCommand command, AcknowledgingSet set, CancellationToken cancellationToken) => Obey(command, server =>
    {
        server.Set = set;
        return null;
    });

    public Task<AgentReply> GrantLeaseAsync(AgentCommand command, string holder, TimeSpan length, CancellationToken cancellationToken) => Task.FromResult(servers.Look(port, server =>
    {
        if (server.IsCutOff)
        {
            throw new TimeoutException($"the agent of {server.Member} is cut off");
        }

        (server.Grants, var refusal) = server.Grants.Ask(holder, command.Epoch, length, server.Epoch, servers.Now);
        return new AgentReply { Obeyed = refusal is null, Epoch = server.Epoch, Reason = refusal };
    }));

    public Task LapseAsync(CancellationToken cancellationToken) => Task.FromResult(servers.Look(port, server =>
    {
        (server.IsRunning, server.IsPrimary, server.HasLapsed) = (false, false, true);
        return server;
    }));

    public Task GuardAsync(long? until, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<AgentReply> ResumeAsync(AgentCommand command, CancellationToken cancellationToken) => Obey(command, server =>
    {
        if (server is { HasLapsed: true, IsFenced: false })
        {
            (server.IsRunning, server.IsPrimary, server.HasLapsed) = (true, true, false);
        }

        return server.IsFenced ? "it is fenced" : null;
    });

    public Task<AgentReply> BringUpAsync(
        AgentCommand command, SiteRestore request, IBackupRepository repository, Action<string> report, CancellationToken cancellationToken) => Obey(command, server =>
    {
        if (server is { IsRunning: true, IsPrimary: true })
        {
            return "it is a primary";
        }

        if (!server.IsRunning && !request.MayRestore)
        {
            return "it has no copy that the archive could be replayed onto";
        }

        // The fake archive ends one record before what the primary has: the rest is lost with it.
        var archived = servers.ArchivedOf(server.Cluster);
        (server.IsRunning, server.IsShutDown, server.IsPrimary, server.IsFenced, server.Follows) = (true, false, false, false, null);
        server.Lsn = archived > server.Lsn ? archived : server.Lsn;
        return null;
    });

    private static void Follow(FakeDatabaseServer server, UpstreamServer upstream)
    {
        (server.IsRunning, server.IsShutDown, server.IsPrimary, server.IsFenced, server.HasLapsed) = (true, false, false, false, false);
        server.Follows = upstream.Port;
    }

    private Task<AgentReply> Obey(AgentCommand command, Func<FakeDatabaseServer, string?> act) => Task.FromResult(servers.Obey(port, command, act));
}

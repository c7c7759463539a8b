using DrMesh.Contracts.Agents;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Databases.PostgreSql;
using DrMesh.Core.Recovery;

namespace DrMesh.Grains.Tests.Recovery;

/// <summary>A fake of the agent beside one of <see cref="FakeDatabases"/>.</summary>
internal sealed class FakeNodeAgent(FakeDatabases databases, string name) : INodeAgent
{
    public bool IsProcessRunning => databases.IsRunning(name);

    public Task<MemberStatus> StatusAsync(CancellationToken cancellationToken) => Task.FromResult(databases.Status(name));

    public Task<AgentReply> FenceAsync(AgentCommand command, CancellationToken cancellationToken) => Obey(command, server =>
    {
        if (server.Role != MemberRole.Stopped || !server.IsFenced)
        {
            (server.Role, server.IsFenced, server.Upstream) = (MemberRole.Stopped, true, null);
            databases.Note($"fence {name}");
        }

        return null;
    });

    public Task<AgentReply> UnfenceAsync(AgentCommand command, CancellationToken cancellationToken) => Obey(command, server =>
    {
        if (server.Role == MemberRole.Stopped)
        {
            (server.Role, server.IsFenced) = (MemberRole.Primary, false);
            databases.Note($"unfence {name}");
        }

        return null;
    });

    public Task<AgentReply> PromiseAsync(AgentCommand command, CancellationToken cancellationToken) => Obey(command, server =>
    {
        if (server.Role == MemberRole.Primary)
        {
            return "it is a primary";
        }

        if (server.Upstream is not null)
        {
            server.Upstream = null;
            databases.Note($"promise {name}");
        }

        return null;
    });

    public Task<AgentReply> StopAsync(AgentCommand command, CancellationToken cancellationToken) => Obey(command, server =>
    {
        if (server.Role != MemberRole.Stopped)
        {
            databases.Shut(name);
            server.Role = MemberRole.Stopped;
            databases.Note($"stop {name}");
        }

        return null;
    });

    public Task<AgentReply> StartAsync(AgentCommand command, CancellationToken cancellationToken) => Obey(command, server => server.IsFenced ? "it is fenced" : null);

    public Task CheckpointAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<AgentReply> PromoteAsync(AgentCommand command, AcknowledgingSet set, CancellationToken cancellationToken) => Obey(command, server =>
    {
        if (server.IsFenced || server.Role == MemberRole.Stopped)
        {
            return "it is fenced or stopped";
        }

        if (server.Role == MemberRole.Standby)
        {
            (server.Role, server.Upstream, server.Set, server.Timeline) = (MemberRole.Primary, null, set, server.Timeline + 1);
            databases.Note($"promote {name}");
        }

        return null;
    });

    public Task<AgentReply> ProveWriteAsync(AgentCommand command, bool waits, CancellationToken cancellationToken) =>
        Obey(command, server => server.Role == MemberRole.Primary ? null : "it is a standby");

    public Task<AgentReply> RepointAsync(AgentCommand command, UpstreamServer upstream, CancellationToken cancellationToken) => Obey(command, server =>
    {
        if (server.Role == MemberRole.Primary)
        {
            return "it is a running primary; fence it first";
        }

        if (server.Role != MemberRole.Standby || server.Upstream != upstream.Name)
        {
            databases.Follow(name, upstream.Name);
            databases.Note($"repoint {name}");
        }

        return null;
    });

    public Task<AgentReply> RewindAsync(AgentCommand command, UpstreamServer upstream, CancellationToken cancellationToken) => Obey(command, _ =>
    {
        databases.Follow(name, upstream.Name);
        databases.Note($"rewind {name}");
        return null;
    });

    public Task<AgentReply> ReseedAsync(AgentCommand command, UpstreamServer upstream, CancellationToken cancellationToken) => throw new NotSupportedException("a rewind always serves here");

    public Task<AgentReply> SetAcknowledgingAsync(AgentCommand command, AcknowledgingSet set, CancellationToken cancellationToken) => Obey(command, server =>
    {
        server.Set = set;
        return server.Role == MemberRole.Primary ? null : "it is a standby";
    });

    private Task<AgentReply> Obey(AgentCommand command, Func<FakeDatabases.Server, string?> act) => Task.FromResult(databases.Obey(name, command, act));

    /// <summary>Makes them.</summary>
    internal sealed class Factory(FakeDatabases databases) : INodeAgentFactory
    {
        public INodeAgent Create(PostgresServer server, NodeDefinition node, PostgreSqlMember member) => new FakeNodeAgent(databases, member.Name);
    }
}

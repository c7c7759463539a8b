using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Databases.PostgreSql;
using DrMesh.Core.Recovery;
using DrMesh.Engines.PostgreSql.Hosting;

namespace DrMesh.Engines.PostgreSql.Replication;

/// <summary>Makes agents for servers of this machine.</summary>
internal sealed class PostgresNodeAgentFactory(TimeProvider time) : INodeAgentFactory
{
    /// <inheritdoc/>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.ConfigurationInvalid"/>: the node's host is one that no agent drives.</exception>
    public INodeAgent Create(PostgresServer server, NodeDefinition node, PostgreSqlMember member)
    {
        ArgumentNullException.ThrowIfNull(server);
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(member);
        var instance = new PostgresInstance(PostgresInstall.Find(), server.DataDirectory);
        var options = new NodeAgentOptions
        {
            Member = member.Name,
            Instance = instance,
            ConnectionString = PostgresConnection.ForControl(server),
            ReplicationUser = server.ReplicationUser.Name,
            PasswordFile = server.ReplicationUser.PasswordFile,
            Guard = node.Guard == AgentGuard.Bound ? new ServerGuard(ServerGuard.ThisProgram, server.DataDirectory, time) : null,
        };
        IDatabaseHost host = node.Host switch
        {
            AgentHost.PgCtl => new PgCtlHost(instance),
            AgentHost.Systemd when member.Unit is { } unit => new SystemdHost(instance, unit, time),
            _ => throw new DrMeshException(
                DrMeshError.ConfigurationInvalid, $"node {node.Name} has host {node.Host}, which no agent drives", "set its host to pg_ctl or systemd and apply the estate"),
        };
        return new PostgresNodeAgent(options, host, time);
    }
}

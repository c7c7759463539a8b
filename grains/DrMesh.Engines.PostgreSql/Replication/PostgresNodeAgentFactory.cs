using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Databases.PostgreSql;
using DrMesh.Core.Recovery;
using DrMesh.Engines.PostgreSql.Hosting;
using DrMesh.Engines.PostgreSql.Hosting.Patroni;

namespace DrMesh.Engines.PostgreSql.Replication;

/// <summary>Makes agents for servers of this machine.</summary>
internal sealed class PostgresNodeAgentFactory(TimeProvider time) : INodeAgentFactory
{
    /// <inheritdoc/>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.ConfigurationInvalid"/>: the member does not say how its node's host reaches it.</exception>
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
            AgentHost.Patroni when member.PatroniUrl is { } url => new PatroniHost(
                instance, new PatroniOptions { Url = new Uri(url), ServerPort = member.Port, User = server.PatroniUser, AuthorityFile = server.TlsAuthorityFile }, time),
            _ => throw new DrMeshException(
                DrMeshError.ConfigurationInvalid, $"node {node.Name} has host {node.Host}, and member {member.Name} does not say how to reach it", "give the member its unit or patroniUrl and apply the estate"),
        };
        return new PostgresNodeAgent(options, host, time);
    }
}

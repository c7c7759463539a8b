using DrMesh.Contracts.Estate;
using DrMesh.Core.Databases.PostgreSql;

namespace DrMesh.Core.Recovery;

/// <summary>Makes the agent beside a server of this machine.</summary>
public interface INodeAgentFactory
{
    /// <summary>The agent; it touches nothing until it is asked.</summary>
    /// <param name="server">The server.</param>
    /// <param name="node">Its node: what starts and stops its servers.</param>
    /// <param name="member">The member as the estate declares it.</param>
    INodeAgent Create(PostgresServer server, NodeDefinition node, PostgreSqlMember member);
}

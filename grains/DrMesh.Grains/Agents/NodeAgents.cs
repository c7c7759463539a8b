using System.Collections.Concurrent;
using DrMesh.Contracts.Agents;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Databases.PostgreSql;
using DrMesh.Core.Errors;
using DrMesh.Core.Estate;
using DrMesh.Core.Recovery;
using DrMesh.Grains.Estate;

namespace DrMesh.Grains.Agents;

/// <summary>This silo's agents, one for each member of its node, made when they are first needed: of two activations of the node's grain both use the same.</summary>
internal sealed class NodeAgents(EstateCache estates, INodeAgentFactory factory)
{
    private readonly ConcurrentDictionary<(ClusterId Cluster, string Member), (Means Means, INodeAgent Agent)> _agents = new();

    /// <summary>The agent of a member.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.EstateUnknownName"/>.</exception>
    public async Task<INodeAgent> FindAsync(ClusterId cluster, string member, CancellationToken cancellationToken)
    {
        var estate = await estates.CurrentAsync(cancellationToken);
        var declared = estate.PostgreSql(cluster);
        var known = declared.Members.FirstOrDefault(one => one.Name == member) ?? throw new DrMeshException(
            DrMeshError.EstateUnknownName, $"cluster {cluster} has no member {member}", NearestName.Hint(member, [.. declared.Members.Select(one => one.Name)]));
        var node = estate.Node(known.Node);
        var means = new Means(estate.Server(declared, known), node.Host, node.Guard, known.Unit, known.PatroniUrl);
        return _agents.AddOrUpdate(
            (cluster, member),
            _ => (means, factory.Create(means.Server, node, known)),
            (_, before) => before.Means == means ? before : (means, factory.Create(means.Server, node, known))).Agent;
    }

    /// <summary>Hands an order to the agent's method for it.</summary>
    public static Task<AgentReply> ObeyAsync(INodeAgent agent, AgentOrder order, CancellationToken cancellationToken) => order switch
    {
        FenceServer => agent.FenceAsync(order.Command, cancellationToken),
        UnfenceServer => agent.UnfenceAsync(order.Command, cancellationToken),
        MakePromise => agent.PromiseAsync(order.Command, cancellationToken),
        StopServer => agent.StopAsync(order.Command, cancellationToken),
        MakeCheckpoint => CheckpointAsync(agent, order.Command, cancellationToken),
        PromoteServer promote => agent.PromoteAsync(order.Command, promote.Set, cancellationToken),
        RepointServer repoint => agent.RepointAsync(order.Command, repoint.Upstream, cancellationToken),
        AcknowledgeBy acknowledge => agent.SetAcknowledgingAsync(order.Command, acknowledge.Set, cancellationToken),
        GrantLease grant => agent.GrantLeaseAsync(order.Command, grant.Holder, grant.Length, cancellationToken),
        WriteEpoch write => agent.ProveWriteAsync(order.Command, write.Waits, cancellationToken),
        _ => throw new InvalidOperationException($"no agent knows {order.GetType().Name}"),
    };

    private static async Task<AgentReply> CheckpointAsync(INodeAgent agent, AgentCommand command, CancellationToken cancellationToken)
    {
        await agent.CheckpointAsync(cancellationToken);
        return new AgentReply { Obeyed = true, Epoch = command.Epoch };
    }

    /// <summary>What an agent is made of; another one is made when it changes.</summary>
    private sealed record Means(PostgresServer Server, AgentHost Host, AgentGuard Guard, string? Unit, string? PatroniUrl);
}

using System.Collections.Immutable;
using DrMesh.Contracts.Agents;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Regions;

namespace DrMesh.Grains.Agents;

/// <summary>Reaches the agents of members wherever they are. Each call has a limit: an agent that does not answer in time is silent, which says nothing of its server.</summary>
internal sealed class MemberAgents(IGrainFactory grains, TimeProvider time)
{
    /// <summary>A member's status.</summary>
    public Task<AgentAnswer<MemberStatus>> StatusAsync(ClusterId cluster, string member, NodeId node, TimeSpan limit, CancellationToken cancellationToken) =>
        AskAsync(node, agent => agent.Status(cluster, member), limit, cancellationToken);

    /// <summary>The statuses of many members of one node, those that are told at once.</summary>
    public async Task<(ImmutableArray<MemberReport> Reports, string? Problem)> StatusesAsync(NodeId node, ImmutableArray<MemberKey> members, TimeSpan limit, CancellationToken cancellationToken)
    {
        // A list of its own: what is asked for must be a class.
        var answer = await AskAsync<IReadOnlyList<MemberReport>>(node, async agent => await agent.Statuses(members), limit, cancellationToken);
        return ([.. answer.Value ?? []], answer.Problem);
    }

    /// <summary>Gives an order. A silent agent may still carry it out later.</summary>
    public Task<AgentAnswer<AgentReply>> OrderAsync(ClusterId cluster, string member, NodeId node, AgentOrder order, TimeSpan limit, CancellationToken cancellationToken) =>
        AskAsync(node, agent => agent.Obey(cluster, member, order), limit, cancellationToken);

    private async Task<AgentAnswer<T>> AskAsync<T>(NodeId node, Func<INodeAgentGrain, Task<T>> ask, TimeSpan limit, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return new AgentAnswer<T>(await ask(grains.GetGrain<INodeAgentGrain>(node.ToString())).WaitAsync(limit, time, cancellationToken), null);
        }
        catch (TimeoutException)
        {
            return new AgentAnswer<T>(null, $"{node} did not answer within {limit.TotalSeconds:0.##} s");
        }
        catch (DrMeshException known)
        {
            return new AgentAnswer<T>(null, known.Message);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return new AgentAnswer<T>(null, $"{node}: {failure.Message}");
        }
    }
}

using System.Collections.Immutable;
using DrMesh.Contracts.Agents;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Grains.Work;

namespace DrMesh.Grains.Agents;

/// <summary>
/// Carries a <see cref="RejoinOrder"/> out. A server that ran as a primary is fenced first and then always rewound, never merely repointed: it may have written what the new
/// history lacks. Where <c>pg_rewind</c> cannot serve, it is re-seeded; either way what only it had is kept aside.
/// </summary>
internal sealed class RejoinWorker(NodeAgents agents) : IWorker
{
    public bool Does(WorkOrder order) => order is RejoinOrder;

    public async Task<ImmutableSortedDictionary<string, string>> DoAsync(WorkOrder order, Action<string> report, CancellationToken cancellationToken)
    {
        var rejoin = (RejoinOrder)order;
        var agent = await agents.FindAsync(rejoin.Cluster, rejoin.Member, cancellationToken);
        var status = await agent.StatusAsync(cancellationToken);
        if (status.Role == MemberRole.Standby)
        {
            report($"follows {rejoin.Upstream.Name}");
            return Evidence("repoint", await ObeyedAsync(agent.RepointAsync(rejoin.Command, rejoin.Upstream, cancellationToken)));
        }

        if (status.Role is MemberRole.Primary or MemberRole.Unresponsive)
        {
            report("is fenced");
            await ObeyedAsync(agent.FenceAsync(rejoin.Command, cancellationToken));
        }

        try
        {
            report($"rewinds to {rejoin.Upstream.Name}");
            return Evidence("rewind", await ObeyedAsync(agent.RewindAsync(rejoin.Command, rejoin.Upstream, cancellationToken)));
        }
        catch (DrMeshException unfit) when (unfit.Code is DrMeshError.ToolFailed or DrMeshError.ServerUnwilling)
        {
            report($"is copied anew from {rejoin.Upstream.Name}: {unfit.Message}");
            return Evidence("re-seed", await ObeyedAsync(agent.ReseedAsync(rejoin.Command, rejoin.Upstream, cancellationToken))).SetItem("rewind", unfit.Message);
        }
    }

    private static async Task<AgentReply> ObeyedAsync(Task<AgentReply> order)
    {
        var reply = await order;
        return reply.Obeyed ? reply : throw new DrMeshException(DrMeshError.ServerUnwilling, reply.Reason ?? "the agent refused", "drmesh cluster show tells who leads under which epoch");
    }

    private static ImmutableSortedDictionary<string, string> Evidence(string method, AgentReply reply) => ImmutableSortedDictionary<string, string>.Empty
        .Add("method", method).Add("detail", reply.Detail ?? "").Add("timeline", reply.Timeline.ToString()).Add("lsn", reply.Lsn.ToString());
}

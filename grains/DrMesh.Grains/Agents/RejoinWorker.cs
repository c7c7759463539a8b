using System.Collections.Immutable;
using System.Globalization;
using DrMesh.Contracts.Agents;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Estate;
using DrMesh.Core.Recovery;
using DrMesh.Grains.Estate;
using DrMesh.Grains.Work;

namespace DrMesh.Grains.Agents;

/// <summary>
/// Carries a <see cref="RejoinOrder"/> out. A server that ran as a primary is fenced first and then always rewound, never merely repointed: it may have written what the new
/// history lacks. Where <c>pg_rewind</c> cannot serve, it is re-seeded; either way what only it had is kept aside. One that ran last as a standby, or is a copy that has not run yet, is only started.
/// Where such a one does not stream although the primary answers on this very node, it is treated as a former primary: its WAL is ahead of the new history, or damaged, as after a full disk.
/// </summary>
internal sealed class RejoinWorker(NodeAgents agents, EstateCache estates, IPrimaryProbeFactory probes) : IWorker
{
    private static readonly TimeSpan ProbeLimit = TimeSpan.FromSeconds(2);

    public bool Does(WorkOrder order) => order is RejoinOrder;

    public async Task<ImmutableSortedDictionary<string, string>> DoAsync(WorkOrder order, Action<string> report, CancellationToken cancellationToken)
    {
        var rejoin = (RejoinOrder)order;
        var agent = await agents.FindAsync(rejoin.Cluster, rejoin.Member, cancellationToken);
        var status = await agent.StatusAsync(cancellationToken);
        if (status is { Role: MemberRole.Standby } or { Role: MemberRole.Stopped, RanAsStandby: true })
        {
            report($"follows {rejoin.Upstream.Name}");
            try
            {
                return Evidence("repoint", Obeyed(await agent.RepointAsync(rejoin.Command, rejoin.Upstream, cancellationToken)));
            }
            catch (DrMeshException late) when (late.Code is DrMeshError.ServerUnwilling or DrMeshError.ToolFailed && late is not OrderNotObeyedException)
            {
                // Stopping a standby whose primary is merely out of reach would take its promise away just when it may be needed.
                if (await ProblemAsync(rejoin, cancellationToken) is { } problem)
                {
                    throw new DrMeshException(late.Code, $"{late.Message}; the primary {rejoin.Upstream.Name} does not answer here either: {problem}", late.Hint, late);
                }

                report($"does not stream although {rejoin.Upstream.Name} answers");
            }
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

    // Null: the primary answers a query from this node.
    private async Task<string?> ProblemAsync(RejoinOrder rejoin, CancellationToken cancellationToken)
    {
        var estate = await estates.CurrentAsync(cancellationToken);
        var cluster = estate.PostgreSql(rejoin.Cluster);
        await using var probe = probes.Create(estate.Server(cluster, cluster.Members.First(member => member.Name == rejoin.Upstream.Name)));
        return await probe.AskAsync(ProbeLimit, cancellationToken);
    }

    private static async Task<AgentReply> ObeyedAsync(Task<AgentReply> order) => Obeyed(await order);

    private static AgentReply Obeyed(AgentReply reply) => reply.Obeyed ? reply : throw new OrderNotObeyedException(reply.Reason ?? "the agent refused");

    /// <summary>The agent understood and refused, as it does an order under an epoch that is over.</summary>
    private sealed class OrderNotObeyedException(string reason) : DrMeshException(DrMeshError.ServerUnwilling, reason, "drmesh cluster show tells who leads under which epoch");

    private static ImmutableSortedDictionary<string, string> Evidence(string method, AgentReply reply)
    {
        var evidence = ImmutableSortedDictionary<string, string>.Empty
            .Add("method", method).Add("detail", reply.Detail ?? "").Add("timeline", reply.Timeline.ToString()).Add("lsn", reply.Lsn.ToString());
        return reply is { LostBytes: { } bytes, LostCommits: { } commits }
            ? evidence.Add(LossAccount.Bytes, bytes.ToString(CultureInfo.InvariantCulture)).Add(LossAccount.Commits, commits.ToString(CultureInfo.InvariantCulture))
            : evidence;
    }
}

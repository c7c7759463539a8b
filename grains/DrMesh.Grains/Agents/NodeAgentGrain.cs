using System.Collections.Immutable;
using DrMesh.Contracts.Agents;
using DrMesh.Contracts.Databases;
using DrMesh.Grains.Placement;
using Orleans.Concurrency;

namespace DrMesh.Grains.Agents;

/// <summary>Hands orders to the agents of this machine. Reentrant: a status must not wait behind a promotion; each agent takes one order at a time.</summary>
[PlacedOnNode, KeepAlive, Reentrant]
internal sealed class NodeAgentGrain(NodeAgents agents, MemberLeases leases, TimeProvider time) : Grain, INodeAgentGrain
{
    // A server that answers is asked at once; one that hangs must not make its status hang.
    private static readonly TimeSpan StatusLimit = TimeSpan.FromSeconds(2);

    // Every silo of the mesh asks every second: those who ask together get one answer.
    private static readonly TimeSpan Shared = TimeSpan.FromMilliseconds(100);

    // How long the answers of those who are quick wait for the others.
    private static readonly TimeSpan Together = TimeSpan.FromMilliseconds(500);
    private readonly Dictionary<(ClusterId, string), (long At, Task<MemberStatus> Answer)> _lately = [];

    public Task<MemberStatus> Status(ClusterId cluster, string member)
    {
        if (!_lately.TryGetValue((cluster, member), out var lately) || (lately.Answer.IsCompleted && time.GetElapsedTime(lately.At) > Shared) || lately.Answer.IsFaulted)
        {
            _lately[(cluster, member)] = lately = (time.GetTimestamp(), ReadAsync(cluster, member));
        }

        return lately.Answer;
    }

    public async Task<ImmutableArray<MemberReport>> Statuses(ImmutableArray<MemberKey> members)
    {
        var asked = members.Select(key => (Key: key, Answer: Status(key.Cluster, key.Member), Since: _lately[(key.Cluster, key.Member)].At)).ToArray();
        await Task.WhenAll(asked.Select(Task (one) => one.Answer)).WaitAsync(Together, time)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        return
        [
            .. asked.Where(one => one.Answer.IsCompleted).Select(one => one.Answer.IsCompletedSuccessfully
                ? new MemberReport { Member = one.Key, Status = one.Answer.Result, Age = time.GetElapsedTime(one.Since) }
                : new MemberReport { Member = one.Key, Problem = one.Answer.Exception?.InnerException?.Message ?? "no answer" }),
        ];
    }

    public async Task<AgentReply> Obey(ClusterId cluster, string member, AgentOrder order)
    {
        var agent = await agents.FindAsync(cluster, member, CancellationToken.None);
        if (order.MayNeedLease && await Task.Run(() => leases.RefusalAsync(cluster, member, CancellationToken.None)) is { } refusal)
        {
            return new AgentReply { Obeyed = false, Epoch = order.Command.Epoch, Reason = $"{member}: {refusal}" };
        }

        try
        {
            return await Task.Run(() => Agents.NodeAgents.ObeyAsync(agent, order, CancellationToken.None));
        }
        finally
        {
            // Whoever asks after an order wants to know what became of it, not what was before.
            _lately.Remove((cluster, member));
        }
    }

    private async Task<MemberStatus> ReadAsync(ClusterId cluster, string member)
    {
        var agent = await agents.FindAsync(cluster, member, CancellationToken.None);
        using var limit = new CancellationTokenSource(StatusLimit);
        try
        {
            return await Task.Run(() => agent.StatusAsync(limit.Token), CancellationToken.None);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return new MemberStatus { Role = MemberRole.Unresponsive, Epoch = 0, IsFenced = false };
        }
    }
}

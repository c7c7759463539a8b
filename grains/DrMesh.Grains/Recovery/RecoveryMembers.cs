using DrMesh.Contracts.Agents;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Estate;
using DrMesh.Core.Recovery;
using DrMesh.Core.Sessions;
using DrMesh.Grains.Agents;
using DrMesh.Grains.Estate;

namespace DrMesh.Grains.Recovery;

/// <summary>The members of the cluster a step acts on, and orders to their agents under the step's key and epoch.</summary>
internal sealed class RecoveryMembers(EstateDocument estate, PostgreSqlCluster cluster, StepContext<RecoveryPlan> context, MemberAgents agents)
{
    /// <summary>The cluster as the estate declares it now.</summary>
    public PostgreSqlCluster Cluster { get; } = cluster;

    /// <summary>What the plan does with it.</summary>
    public ClusterMove Move { get; } = context.Plan[context.Target];

    /// <summary>The step.</summary>
    public StepContext<RecoveryPlan> Context { get; } = context;

    /// <summary>The session's epoch of the cluster.</summary>
    public long Epoch => Context.Key.Epoch;

    /// <summary>What an order carries.</summary>
    public AgentCommand Command => AgentCommand.Of($"{Context.Session}/{Context.Key}", Epoch);

    /// <summary>The candidate the session chose.</summary>
    public string Candidate => Context.State.Evidence(DrSteps.ChooseCandidate, Context.Target, "candidate") ?? throw new InvalidOperationException("no candidate is chosen yet");

    /// <summary>Whom the candidate's commits wait for.</summary>
    public AcknowledgingSet CandidateSet =>
        AcknowledgingSetText.Read(Context.State.Evidence(DrSteps.ChooseCandidate, Context.Target, "acknowledging") ?? throw new InvalidOperationException("no candidate is chosen yet"))[0];

    /// <summary>Whether too few standbys were there to acknowledge for the candidate.</summary>
    public bool CandidateIsShort => Context.State.Evidence(DrSteps.ChooseCandidate, Context.Target, "short") == "true";

    /// <summary>The members that told their LSN under this epoch.</summary>
    public IReadOnlyList<string> Promised => [.. CandidateChoice.Promises(Context.State, Context.Target, Epoch).Select(promise => promise.Member)];

    /// <summary>Whether the primary that is moved away from is known to be stopped: by the session's own fence, or in an orderly way.</summary>
    public bool OldPrimaryIsStopped =>
        Context.State.Evidence(DrSteps.FenceOldPrimary, Context.Target, "stopped") == "yes"
        || Context.State.Find(DrSteps.StopWrites, Context.Target) is { Status: Contracts.Sessions.StepStatus.Done };

    /// <summary>The loss that was shown before the candidate was promoted; null: commits waited for standbys, so what the old primary alone has was never acknowledged.</summary>
    public ShownLoss? Shown => CandidateChoice.OpenSets(Context.State, Context.Target).All(set => set.Needed > 0)
        ? null
        : new ShownLoss { Session = Context.Session, OldPrimary = Move.OldPrimary, Bytes = ExpectedLoss.Parse(Context.State.Evidence(DrSteps.ChooseCandidate, Context.Target, "loss")).Bytes };

    /// <summary>How another server reaches a member.</summary>
    public UpstreamServer At(string member)
    {
        var known = Member(member);
        return UpstreamServer.At(known.Name, estate.Node(known.Node).Address, known.Port);
    }

    /// <summary>A member of the cluster.</summary>
    public PostgreSqlMember Member(string name) => Cluster.Members.First(member => member.Name == name);

    /// <summary>A member's status.</summary>
    public Task<AgentAnswer<MemberStatus>> StatusAsync(string member, TimeSpan limit, CancellationToken cancellationToken) =>
        agents.StatusAsync(Cluster.Name, member, Member(member).Node, limit, cancellationToken);

    /// <summary>Gives a member's agent an order.</summary>
    public Task<AgentAnswer<AgentReply>> OrderAsync(string member, AgentOrder order, TimeSpan limit, CancellationToken cancellationToken) =>
        agents.OrderAsync(Cluster.Name, member, Member(member).Node, order, limit, cancellationToken);

    /// <summary>An order's answer as a step's result: obeyed, refused for good when a higher epoch is known, else failed; no answer is an unknown outcome.</summary>
    public StepResult ToResult(AgentAnswer<AgentReply> answer, params ReadOnlySpan<(string Name, string Value)> evidence) => answer.Value switch
    {
        null => StepResult.Unknown(answer.Problem ?? "no answer"),
        { Obeyed: true } => StepResult.Done(evidence),
        var refused when refused.Epoch > Epoch => StepResult.Refused(refused.Reason ?? "it knows a higher epoch"),
        var refused => StepResult.Failed(refused.Reason ?? "it refused"),
    };
}

/// <summary>Brings together what a step on a cluster works with.</summary>
internal sealed class RecoveryMembersFactory(EstateCache estates, MemberAgents agents)
{
    /// <summary>The members of the step's cluster.</summary>
    public async Task<RecoveryMembers> ForAsync(StepContext<RecoveryPlan> context, CancellationToken cancellationToken)
    {
        var estate = await estates.CurrentAsync(cancellationToken);
        return new RecoveryMembers(estate, estate.PostgreSql(new ClusterId(context.Target)), context, agents);
    }
}

using DrMesh.Core.Recovery;
using DrMesh.Core.Sessions;
using DrMesh.Grains.Agents;

namespace DrMesh.Grains.Recovery.Steps;

/// <summary>
/// Stops the old primary where it can be reached. Where the promises already keep it from acknowledging anything, its agent gets the order and is not waited for: if it comes
/// back it obeys, and the keeper of the cluster fences it in any case.
/// </summary>
internal sealed class FenceOldPrimaryStep(RecoveryMembersFactory members) : ClusterStep(DrSteps.FenceOldPrimary, members)
{
    private static readonly TimeSpan WhenCovered = TimeSpan.FromMilliseconds(50);

    // Where its lease is waited for otherwise, a little more patience may spare that.
    private static readonly TimeSpan WhenLeased = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan WhenNot = TimeSpan.FromSeconds(1.8);

    protected override async Task<StepResult> RunAsync(RecoveryMembers members, CancellationToken cancellationToken)
    {
        var covered = PromotionQuorum.Covers(CandidateChoice.OpenSets(members.Context.State, members.Context.Target), [.. members.Promised]);
        var old = members.Move.OldPrimary;
        var limit = !covered ? WhenNot : members.Move.IsAsync ? WhenLeased : WhenCovered;
        var answer = await members.OrderAsync(old, new FenceServer { Command = members.Command }, limit, cancellationToken);
        if (answer.Value is { Obeyed: true } reply)
        {
            return StepResult.Done(("stopped", "yes"), ("lsn", reply.Lsn.ToString()), ("timeline", reply.Timeline.ToString()));
        }

        var problem = answer.Value?.Reason ?? answer.Problem ?? "no answer";
        return covered
            ? StepResult.Done(("stopped", "unknown"), ("why", $"{problem}; nobody acknowledges for {old} any more"))
            : StepResult.Failed($"{old} is not known to be stopped: {problem}");
    }
}

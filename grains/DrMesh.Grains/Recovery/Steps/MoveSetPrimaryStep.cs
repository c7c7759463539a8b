using DrMesh.Core.Backups.MongoDb;
using DrMesh.Core.Recovery;
using DrMesh.Core.Recovery.ReplicaSets;
using DrMesh.Core.Sessions;

namespace DrMesh.Grains.Recovery.Steps;

/// <summary>Lets the candidate lead. A set that stays as it is holds up no cluster.</summary>
internal sealed class MoveSetPrimaryStep(ReplicaSets sets, TimeProvider time) : LeadSetStep(DrSteps.MoveSetPrimary, sets, time)
{
    protected override async Task<StepResult> RunAsync(StepContext<RecoveryPlan> context, SetMove move, MongoAddress address, CancellationToken cancellationToken)
    {
        var chosen = SetSession.Read(context.State, context.Target) ?? throw new InvalidOperationException("no primary is chosen yet");
        return chosen.Way != SetWay.Stay ? await LeadAsync(context, move, address, chosen, cancellationToken)
            : context.Plan.Clusters.IsEmpty ? StepResult.Refused(chosen.Reason)
            : StepResult.Done(("left", chosen.Reason));
    }
}

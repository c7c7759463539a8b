using DrMesh.Core.Backups.MongoDb;
using DrMesh.Core.Recovery;
using DrMesh.Core.Recovery.ReplicaSets;
using DrMesh.Core.Sessions;

namespace DrMesh.Grains.Recovery.Steps;

/// <summary>
/// The session gives the set back. Where it began to hand over, the former primary leads again first: also when nobody knows how far that came, since new priorities alone move a primary.
/// </summary>
internal sealed class ReleaseSetStep(ReplicaSets sets, TimeProvider time) : LeadSetStep(DrSteps.ReleaseSet, sets, time)
{
    protected override async Task<StepResult> RunAsync(StepContext<RecoveryPlan> context, SetMove move, MongoAddress address, CancellationToken cancellationToken)
    {
        if (SetSession.WayBack(context.State, context.Target) is not { } back || await HeldAsync(context, move, cancellationToken) is null)
        {
            await ReleaseAsync(context, move, cancellationToken);
            return StepResult.Done();
        }

        var led = await LeadAsync(context, move, address, back, cancellationToken);
        if (led.Outcome == StepOutcome.Done)
        {
            await ReleaseAsync(context, move, cancellationToken);
        }

        return led;
    }
}

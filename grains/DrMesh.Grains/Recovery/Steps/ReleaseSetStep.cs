using DrMesh.Core.Backups.MongoDb;
using DrMesh.Core.Recovery;
using DrMesh.Core.Recovery.ReplicaSets;
using DrMesh.Core.Sessions;

namespace DrMesh.Grains.Recovery.Steps;

/// <summary>Nothing was done to the set: the session gives it back.</summary>
internal sealed class ReleaseSetStep(ReplicaSets sets) : SetStep(DrSteps.ReleaseSet, sets)
{
    protected override async Task<StepResult> RunAsync(StepContext<RecoveryPlan> context, SetMove move, MongoAddress address, CancellationToken cancellationToken)
    {
        await ReleaseAsync(context, move, cancellationToken);
        return StepResult.Done();
    }
}

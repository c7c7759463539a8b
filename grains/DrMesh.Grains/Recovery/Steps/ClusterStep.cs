using DrMesh.Core.Recovery;
using DrMesh.Core.Sessions;

namespace DrMesh.Grains.Recovery.Steps;

/// <summary>A step of a DR session on one cluster.</summary>
internal abstract class ClusterStep(StepName step, RecoveryMembersFactory members) : IStepRunner<RecoveryPlan>
{
    public StepName Step => step;

    public async Task<StepResult> RunAsync(StepContext<RecoveryPlan> context, CancellationToken cancellationToken) =>
        await RunAsync(await members.ForAsync(context, cancellationToken), cancellationToken);

    /// <summary>Does it.</summary>
    protected abstract Task<StepResult> RunAsync(RecoveryMembers members, CancellationToken cancellationToken);
}

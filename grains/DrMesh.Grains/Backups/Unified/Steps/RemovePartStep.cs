using DrMesh.Core.Backups.Unified;
using DrMesh.Core.Sessions;

namespace DrMesh.Grains.Backups.Unified.Steps;

/// <summary>Removes what the session stored of one part. The log archive stays: it is the cluster's, not the session's.</summary>
internal sealed class RemovePartStep(ApplicationRepositories repositories) : IStepRunner<UnifiedBackupPlan>
{
    public StepName Step => UnifiedBackupMachine.RemovePart;

    public async Task<StepResult> RunAsync(StepContext<UnifiedBackupPlan> context, CancellationToken cancellationToken)
    {
        var part = context.Plan.Part(context.Target);
        await using var repository = await repositories.OpenAsync(part.Repositories, part.Target, cancellationToken);
        var locked = await PartBackups.RemoveAsync(repository, PartBackups.Of(context.State, part), cancellationToken);
        return locked.Count == 0 ? StepResult.Done() : StepResult.Refused($"an object lock holds {string.Join(", ", locked)}");
    }
}

using DrMesh.Core.Backups.Catalogue;
using DrMesh.Core.Backups.Sessions;
using DrMesh.Core.Sessions;

namespace DrMesh.Grains.Backups.Catalogue;

/// <summary>Writes the backup of a cluster into the catalogue as its manifest tells.</summary>
internal sealed class RecordBackupStep(ClusterRepositories repositories, IBackupCatalogue catalogue) : IStepRunner<BackupPlan>
{
    public StepName Step => BackupMachine.UpdateCatalogue;

    public async Task<StepResult> RunAsync(StepContext<BackupPlan> context, CancellationToken cancellationToken)
    {
        var plan = context.Plan;
        await using var repository = await repositories.OpenAsync(plan.Cluster, plan.Repositories, cancellationToken);
        if (await repository.FindAsync(plan.Backup, cancellationToken) is not { } summary)
        {
            return StepResult.Refused($"no tier has backup {plan.Backup} though it was committed");
        }

        await catalogue.RecordAsync([summary], cancellationToken);
        return StepResult.Done();
    }
}

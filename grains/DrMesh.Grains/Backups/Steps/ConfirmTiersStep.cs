using DrMesh.Core.Backups.Sessions;
using DrMesh.Core.Sessions;

namespace DrMesh.Grains.Backups.Steps;

/// <summary>Says which tiers do not hold the backup; the session is degraded then and names them.</summary>
internal sealed class ConfirmTiersStep(ClusterRepositories repositories) : IStepRunner<BackupPlan>
{
    public StepName Step => BackupMachine.ConfirmTiers;

    public async Task<StepResult> RunAsync(StepContext<BackupPlan> context, CancellationToken cancellationToken)
    {
        var plan = context.Plan;
        await using var repository = await repositories.OpenAsync(plan.Cluster, plan.Repositories, cancellationToken);
        var held = (await repository.FindAsync(plan.Backup, cancellationToken))?.Tiers ?? [];
        var missing = plan.Repositories.Except(held).ToArray();
        if (missing.Length == 0)
        {
            return StepResult.Done(("tiers", string.Join(", ", held)));
        }

        var lost = context.State.Evidence(BackupMachine.RunBackup, "", "lostTiers");
        return StepResult.Refused($"tier {string.Join(", ", missing)} does not hold the backup{(string.IsNullOrEmpty(lost) ? "" : $" ({lost})")}; drmesh repo copy heals it");
    }
}

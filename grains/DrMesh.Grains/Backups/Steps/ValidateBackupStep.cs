using System.Globalization;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.Sessions;
using DrMesh.Core.Sessions;

namespace DrMesh.Grains.Backups.Steps;

/// <summary>Reads the committed backup back: its manifest, and that every object it refers to is there with its size.</summary>
internal sealed class ValidateBackupStep(ClusterRepositories repositories) : IStepRunner<BackupPlan>
{
    public StepName Step => BackupMachine.ValidateBackup;

    public async Task<StepResult> RunAsync(StepContext<BackupPlan> context, CancellationToken cancellationToken)
    {
        var plan = context.Plan;
        await using var repository = await repositories.OpenAsync(plan.Cluster, plan.Repositories, cancellationToken);
        if (await repository.FindAsync(plan.Backup, cancellationToken) is null)
        {
            return StepResult.Refused($"no tier has backup {plan.Backup} though it was committed");
        }

        var report = await repository.VerifyAsync(new VerifyRequest { Backup = plan.Backup, Depth = VerifyDepth.Presence }, null, cancellationToken);
        return report.Damages.Count == 0
            ? StepResult.Done(("objects", report.Objects.ToString(CultureInfo.InvariantCulture)), ("bytes", report.Bytes.ToString(CultureInfo.InvariantCulture)))
            : StepResult.Failed(string.Join("; ", report.Damages.Take(5).Select(damage => $"{damage.Tier} {damage.Key}: {damage.Fact}")));
    }
}

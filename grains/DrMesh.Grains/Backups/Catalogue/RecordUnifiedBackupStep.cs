using DrMesh.Contracts.Backups;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.Catalogue;
using DrMesh.Core.Backups.Unified;
using DrMesh.Core.Sessions;
using DrMesh.Grains.Backups.Unified;

namespace DrMesh.Grains.Backups.Catalogue;

/// <summary>Brings the catalogue in line with what the session left in the repositories, however it ends: the manifest and the parts that are there are written, those that are not are forgotten.</summary>
internal sealed class RecordUnifiedBackupStep(ApplicationRepositories repositories, IBackupCatalogue catalogue) : IStepRunner<UnifiedBackupPlan>
{
    public StepName Step => UnifiedBackupMachine.UpdateCatalogue;

    public async Task<StepResult> RunAsync(StepContext<UnifiedBackupPlan> context, CancellationToken cancellationToken)
    {
        var plan = context.Plan;
        var count = await FollowAsync(plan.Application, plan.Repositories, [plan.Backup], cancellationToken);
        foreach (var part in plan.Parts)
        {
            count += await FollowAsync(part.Name, part.Repositories, [.. PartBackups.Of(context.State, part)], cancellationToken);
        }

        return StepResult.Done(("rows", $"{count}"));
    }

    private async Task<int> FollowAsync(string source, System.Collections.Immutable.ImmutableArray<string> names, IReadOnlyList<BackupId> backups, CancellationToken cancellationToken)
    {
        await using var repository = await repositories.OpenAsync(names, source, cancellationToken);
        var found = new List<BackupSummary>();
        foreach (var backup in backups)
        {
            if (await repository.FindAsync(backup, cancellationToken) is { } summary)
            {
                found.Add(summary);
            }
        }

        await catalogue.ForgetAsync(source, [.. backups.Except(found.Select(summary => summary.Id))], cancellationToken);
        await catalogue.RecordAsync(found, cancellationToken);
        return found.Count;
    }
}

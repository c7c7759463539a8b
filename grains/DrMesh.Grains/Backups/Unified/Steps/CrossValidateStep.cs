using DrMesh.Core.Backups.Unified;
using DrMesh.Core.Sessions;

namespace DrMesh.Grains.Backups.Unified.Steps;

/// <summary>Holds the parts against each other.</summary>
internal sealed class CrossValidateStep : IStepRunner<UnifiedBackupPlan>
{
    public StepName Step => UnifiedBackupMachine.CrossValidate;

    public Task<StepResult> RunAsync(StepContext<UnifiedBackupPlan> context, CancellationToken cancellationToken) =>
        Task.FromResult(UnifiedChecks.Problems(context.State) is { Count: > 0 } problems ? StepResult.Refused(string.Join("; ", problems)) : StepResult.Done());
}

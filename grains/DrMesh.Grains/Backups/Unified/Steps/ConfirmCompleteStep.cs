using DrMesh.Core.Backups.Unified;
using DrMesh.Core.Sessions;

namespace DrMesh.Grains.Backups.Unified.Steps;

/// <summary>Says what is missing of a backup that is recorded; the session is degraded then and names it.</summary>
internal sealed class ConfirmCompleteStep : IStepRunner<UnifiedBackupPlan>
{
    public StepName Step => UnifiedBackupMachine.ConfirmComplete;

    public Task<StepResult> RunAsync(StepContext<UnifiedBackupPlan> context, CancellationToken cancellationToken) =>
        Task.FromResult(UnifiedFacts.Missing(context.State) is { Count: > 0 } missing ? StepResult.Refused(string.Join("; ", missing)) : StepResult.Done());
}

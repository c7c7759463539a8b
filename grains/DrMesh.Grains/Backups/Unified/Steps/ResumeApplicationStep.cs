using DrMesh.Core.Backups.Unified;
using DrMesh.Core.Sessions;

namespace DrMesh.Grains.Backups.Unified.Steps;

/// <summary>Tells the application to write again. It may do so already: what asked it to hold may have died before it could say so.</summary>
internal sealed class ResumeApplicationStep(ApplicationHooks hooks) : IStepRunner<UnifiedBackupPlan>
{
    public StepName Step => UnifiedBackupMachine.ResumeApplication;

    public async Task<StepResult> RunAsync(StepContext<UnifiedBackupPlan> context, CancellationToken cancellationToken)
    {
        await hooks.ResumeAsync(context, cancellationToken);
        return StepResult.Done();
    }
}

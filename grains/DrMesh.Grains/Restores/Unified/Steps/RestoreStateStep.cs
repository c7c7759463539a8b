using DrMesh.Core.Estate;
using DrMesh.Core.Restores.Unified;
using DrMesh.Core.Sessions;
using DrMesh.Core.Traffic;
using DrMesh.Grains.Estate;

namespace DrMesh.Grains.Restores.Unified.Steps;

/// <summary>Hands the application its own state back.</summary>
internal sealed class RestoreStateStep(AppliedEstates estates, IHookRunner hooks, TimeProvider time) : IStepRunner<UnifiedRestorePlan>
{
    public StepName Step => UnifiedRestoreMachine.RestoreState;

    public async Task<StepResult> RunAsync(StepContext<UnifiedRestorePlan> context, CancellationToken cancellationToken)
    {
        var plan = context.Plan;
        var call = new HookCall
        {
            // The same for every attempt: taking the same state back twice is for the application to know.
            Id = $"{context.Session}/{Step}",
            Event = "restore",
            At = time.GetUtcNow(),
            Session = context.Session.Value,
            Subject = plan.Application,
            State = plan.State,
            Text = $"take back the state of point {plan.Point}",
        };
        var said = await hooks.RunAsync((await estates.CurrentAsync(cancellationToken)).Hook(plan.RestoreHook!), call, cancellationToken);
        return StepResult.Done(("said", said));
    }
}

using DrMesh.Contracts.Errors;
using DrMesh.Core.Recovery;
using DrMesh.Core.Sessions;

namespace DrMesh.Grains.Recovery.Steps;

/// <summary>Calls a hook before the primary is touched: a failure stops the session.</summary>
internal sealed class CallBeforeStep(RecoveryHooks hooks) : IStepRunner<RecoveryPlan>
{
    public StepName Step => DrSteps.CallBefore;

    public Task<StepResult> RunAsync(StepContext<RecoveryPlan> context, CancellationToken cancellationToken) =>
        HookSteps.RunAsync(hooks, context, "before", $"{context.Plan.Application} is about to move: {context.State.Title}", cancellationToken);
}

/// <summary>Calls a hook after the names have moved: CDN origins, external endpoints. A failure makes the session's end degraded.</summary>
internal sealed class CallAfterStep(RecoveryHooks hooks) : IStepRunner<RecoveryPlan>
{
    public StepName Step => DrSteps.CallAfter;

    public Task<StepResult> RunAsync(StepContext<RecoveryPlan> context, CancellationToken cancellationToken) =>
        HookSteps.RunAsync(hooks, context, "after", $"{context.Plan.Application} has moved: {context.State.Title}", cancellationToken);
}

/// <summary>What the two share.</summary>
internal static class HookSteps
{
    // The id has no attempt in it: a receiver knows a repetition after a crash by it.
    public static async Task<StepResult> RunAsync(RecoveryHooks hooks, StepContext<RecoveryPlan> context, string what, string text, CancellationToken cancellationToken)
    {
        try
        {
            return StepResult.Done(("said", await hooks.CallAsync(context.State, context.Target, $"{context.Session}/{context.Key.Step}/{context.Target}", what, text, cancellationToken)));
        }
        catch (DrMeshException failed) when (failed.Code == DrMeshError.HookFailed)
        {
            return StepResult.Failed(failed.Message, ("hint", failed.Hint));
        }
    }
}

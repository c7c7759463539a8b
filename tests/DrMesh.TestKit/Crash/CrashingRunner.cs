using DrMesh.Core.Sessions;

namespace DrMesh.TestKit.Crash;

/// <summary>A runner with the crash around its effect.</summary>
internal sealed class CrashingRunner<TPlan>(IStepRunner<TPlan> inner, CrashScript script, string silo) : IStepRunner<TPlan>
    where TPlan : class
{
    public StepName Step => inner.Step;

    public Task<StepResult> RunAsync(StepContext<TPlan> context, CancellationToken cancellationToken) =>
        script.RunAsync(silo, context.Session.Value, isWrite: false, () => inner.RunAsync(context, cancellationToken));
}

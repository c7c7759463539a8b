using DrMesh.Core.Sessions;

namespace DrMesh.TestKit.Crash;

/// <summary>Does one of the relay's steps in the world.</summary>
public sealed class RelayRunner(StepName step, RelayWorld world) : IStepRunner<RelayPlan>
{
    /// <inheritdoc/>
    public StepName Step { get; } = step;

    /// <summary>One for each step.</summary>
    public static IEnumerable<RelayRunner> All(RelayWorld world) => RelayMachine.Create().Steps.Select(step => new RelayRunner(step.Name, world));

    /// <inheritdoc/>
    public Task<StepResult> RunAsync(StepContext<RelayPlan> context, CancellationToken cancellationToken) => Task.FromResult(world.Do(context));
}

namespace DrMesh.Core.Sessions;

/// <summary>
/// Does one step of a kind of session. It runs off the grain's scheduler, may be started again with a higher attempt at any time, and finds out by itself what is already so:
/// inspect, act if needed, return evidence. It reports refusals as results; an exception counts as a failure with that message.
/// </summary>
/// <typeparam name="TPlan">The session's plan.</typeparam>
public interface IStepRunner<TPlan>
    where TPlan : class
{
    /// <summary>The step it does.</summary>
    StepName Step { get; }

    /// <summary>Does the step.</summary>
    /// <param name="context">The session as stored, and this start's key.</param>
    /// <param name="cancellationToken">Cancelled when the session is cancelled, when the step's time is over, or when the activation is gone; stop soon.</param>
    Task<StepResult> RunAsync(StepContext<TPlan> context, CancellationToken cancellationToken);
}

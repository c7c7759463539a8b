namespace DrMesh.Core.Sessions;

/// <summary>What a decision asks the shell to do, after the new state is stored and never before.</summary>
public abstract record SessionEffect
{
    /// <summary>Start a step.</summary>
    /// <param name="Key">Under which key.</param>
    /// <param name="InDoubt">True: an earlier attempt may have taken effect, so ask the receiver first.</param>
    public sealed record RunStep(StepKey Key, bool InDoubt) : SessionEffect;

    /// <summary>Stop a running step; its outcome is still awaited.</summary>
    public sealed record StopStep(StepKey Key) : SessionEffect;

    /// <summary>Give <see cref="SessionInput.TimeReached"/> at that time or soon after.</summary>
    public sealed record WakeAt(DateTimeOffset At) : SessionEffect;
}

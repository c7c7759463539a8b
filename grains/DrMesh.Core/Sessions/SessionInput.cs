namespace DrMesh.Core.Sessions;

/// <summary>What a machine decides on. Each input carries its time; the machine has no clock.</summary>
/// <param name="At">When it happened, by the clock of the silo that runs the session.</param>
public abstract record SessionInput(DateTimeOffset At)
{
    /// <summary>The session begins.</summary>
    public sealed record Begun(DateTimeOffset At) : SessionInput(At);

    /// <summary>An activation took the session over; whatever ran before runs no more, or its writes lose.</summary>
    /// <param name="At">When.</param>
    /// <param name="Silo">Where it goes on.</param>
    public sealed record Woken(DateTimeOffset At, string Silo) : SessionInput(At);

    /// <summary>A time the machine asked for has come.</summary>
    public sealed record TimeReached(DateTimeOffset At) : SessionInput(At);

    /// <summary>One start of a step ended.</summary>
    public sealed record StepEnded(DateTimeOffset At, StepKey Key, StepResult Result) : SessionInput(At);

    /// <summary>A person approved what the phase asks.</summary>
    public sealed record ApprovalGiven(DateTimeOffset At, string Approval, string By) : SessionInput(At);

    /// <summary>A person asked to cancel.</summary>
    public sealed record CancelAsked(DateTimeOffset At, string By, string Reason) : SessionInput(At);
}

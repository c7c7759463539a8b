using DrMesh.Contracts.Sessions;

namespace DrMesh.Core.Sessions;

/// <summary>What a runner is given.</summary>
/// <typeparam name="TPlan">The session's plan.</typeparam>
public sealed record StepContext<TPlan>
    where TPlan : class
{
    /// <summary>The session as it was stored with this step's intent.</summary>
    public required SessionState<TPlan> State { get; init; }

    /// <summary>This start's key. (session, step, target, epoch) is what an effect must be idempotent under.</summary>
    public required StepKey Key { get; init; }

    /// <summary>True: an earlier attempt may have taken effect; ask the receiver before acting.</summary>
    public required bool InDoubt { get; init; }

    /// <summary>Tells a watcher how far the step is; cheap, may be called often, not kept.</summary>
    public required Action<string> Report { get; init; }

    /// <summary>The session.</summary>
    public SessionId Session => State.Id;

    /// <summary>The accepted plan.</summary>
    public TPlan Plan => State.Plan;

    /// <summary>What the step acts on.</summary>
    public string Target => Key.Target;
}

using DrMesh.Contracts.Sessions;

namespace DrMesh.Core.Sessions;

/// <summary>What a machine says about one of its phases.</summary>
/// <typeparam name="TPlan">The session's plan.</typeparam>
public sealed record PhaseInfo<TPlan>(Phase Phase)
    where TPlan : class
{
    /// <summary>The status a session ends with in this phase; null: it is no end.</summary>
    public SessionStatus? End { get; init; }

    /// <summary>Why a cancel is refused here; null: it is honoured, by the phase's first rule.</summary>
    public string? NoReturn { get; init; }

    /// <summary>What the session waits for a person to approve here; null: nothing.</summary>
    public ApprovalInfo<TPlan>? Approval { get; init; }

    /// <summary>After this time in the phase <c>On.Overdue</c> holds; null: never.</summary>
    public TimeSpan? Limit { get; init; }

    /// <summary>How an end is told to a person; null: by the reason of the rule that led there and of the step that failed.</summary>
    public Func<SessionState<TPlan>, string>? Outcome { get; init; }
}

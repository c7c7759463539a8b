namespace DrMesh.Contracts.Sessions;

/// <summary>How a session stands. Numbers are part of the wire and of stored states: they never change.</summary>
public enum SessionStatus
{
    /// <summary>It is at work.</summary>
    Running = 0,

    /// <summary>It waits for a person's approval.</summary>
    WaitingForApproval = 1,

    /// <summary>It was asked to cancel and is undoing what it must.</summary>
    Cancelling = 2,

    /// <summary>It reached its aim.</summary>
    Succeeded = 3,

    /// <summary>It reached its aim in part; the outcome says what is missing.</summary>
    Degraded = 4,

    /// <summary>It did not reach its aim; the outcome says why.</summary>
    Failed = 5,

    /// <summary>A person cancelled it.</summary>
    Cancelled = 6,
}

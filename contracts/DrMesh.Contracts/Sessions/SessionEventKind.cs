namespace DrMesh.Contracts.Sessions;

/// <summary>What a session event tells. Numbers are part of the wire and of stored states: they never change.</summary>
public enum SessionEventKind
{
    /// <summary>The session began.</summary>
    Started = 0,

    /// <summary>A rule moved the session to another phase; data: <c>rule</c>, <c>from</c>, <c>to</c>.</summary>
    PhaseChanged = 1,

    /// <summary>A step is about to run; data: <c>step</c>, <c>target</c>, <c>attempt</c>, <c>epoch</c>.</summary>
    StepIntended = 2,

    /// <summary>A running step reports how far it is. Not kept: its sequence is that of the last kept event.</summary>
    StepProgressed = 3,

    /// <summary>A step reached its aim; data: its evidence.</summary>
    StepDone = 4,

    /// <summary>A step failed, or its outcome is unknown; data: <c>reason</c>, <c>outcome</c>, and <c>retryAt</c> when it is tried again.</summary>
    StepFailed = 5,

    /// <summary>The session waits for a person; data: <c>approval</c>.</summary>
    ApprovalAsked = 6,

    /// <summary>A person approved; data: <c>approval</c>, <c>by</c>.</summary>
    ApprovalGiven = 7,

    /// <summary>A person asked to cancel; data: <c>by</c>, <c>reason</c>.</summary>
    CancelAsked = 8,

    /// <summary>Another silo went on with the session after the one that ran it was lost; data: <c>silo</c>.</summary>
    Resumed = 9,

    /// <summary>The session ended; data: <c>status</c>. It is the last event.</summary>
    Ended = 10,
}

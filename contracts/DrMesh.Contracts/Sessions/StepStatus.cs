namespace DrMesh.Contracts.Sessions;

/// <summary>How a step of a session stands. Numbers are part of the wire and of stored states: they never change.</summary>
public enum StepStatus
{
    /// <summary>Not begun, or to be tried again.</summary>
    Pending = 0,

    /// <summary>Its intent is stored; it runs, or ran on a silo that was lost.</summary>
    Intended = 1,

    /// <summary>It reached its aim; its evidence is stored.</summary>
    Done = 2,

    /// <summary>It failed as often as it may.</summary>
    Failed = 3,

    /// <summary>The session left its phase before it began.</summary>
    Skipped = 4,

    /// <summary>Whether it took effect is not known, and asking again did not tell.</summary>
    Unknown = 5,
}

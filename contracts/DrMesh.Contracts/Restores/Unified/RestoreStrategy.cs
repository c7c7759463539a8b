namespace DrMesh.Contracts.Restores.Unified;

/// <summary>In which order the parts of an application are restored. Numbers are part of the wire and of stored states: they never change.</summary>
public enum RestoreStrategy
{
    /// <summary>The planner's choice.</summary>
    Planned = 0,

    /// <summary>All at once.</summary>
    Parallel = 1,

    /// <summary>One after the other, in the estate's order.</summary>
    Sequential = 2,

    /// <summary>One a machine at a time, the machines side by side, the longest first.</summary>
    OptimisedParallel = 3,
}

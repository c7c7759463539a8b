namespace DrMesh.Grains.Work;

/// <summary>How ordered work stands.</summary>
internal enum WorkState
{
    /// <summary>Not known here.</summary>
    Unknown = 0,

    /// <summary>It runs.</summary>
    Running = 1,

    /// <summary>It reached its aim.</summary>
    Done = 2,

    /// <summary>It failed.</summary>
    Failed = 3,

    /// <summary>It was stopped on request.</summary>
    Stopped = 4,
}

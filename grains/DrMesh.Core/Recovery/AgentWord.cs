namespace DrMesh.Core.Recovery;

/// <summary>What the agent beside a primary says of its process.</summary>
public enum AgentWord
{
    /// <summary>The agent was not reached, which says nothing of the database.</summary>
    Silent,

    /// <summary>The process runs.</summary>
    Running,

    /// <summary>The process is gone and is not being started.</summary>
    Gone,
}

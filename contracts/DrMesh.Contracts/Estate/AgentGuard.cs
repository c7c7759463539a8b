namespace DrMesh.Contracts.Estate;

/// <summary>Whether a database server can outlive its agent. Without a guard, a primary whose agent died or froze cannot fence itself.</summary>
public enum AgentGuard
{
    /// <summary><c>none</c>: the server goes on alone.</summary>
    None,

    /// <summary>
    /// <c>bound</c>: while its agent holds a lease the server ends with it, by a companion process that the agent tells the lease's end.
    /// </summary>
    Bound,
}

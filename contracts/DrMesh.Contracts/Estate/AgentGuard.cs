namespace DrMesh.Contracts.Estate;

/// <summary>Whether a database server can outlive its agent. Without a guard, a primary whose agent died or froze cannot fence itself.</summary>
public enum AgentGuard
{
    /// <summary><c>none</c>: the server goes on alone.</summary>
    None,

    /// <summary>
    /// <c>bound</c>: the server ends with its agent. Under systemd by BindsTo and WatchdogSec, under pg_ctl by a parent whose death ends it,
    /// under Patroni by its watchdog in mode <c>required</c>.
    /// </summary>
    Bound,
}

namespace DrMesh.Contracts.Estate;

/// <summary>What starts and stops the database servers of a node.</summary>
public enum AgentHost
{
    /// <summary><c>pg_ctl</c>: the agent runs the server itself, from its data directory.</summary>
    PgCtl,

    /// <summary><c>systemd</c>: a unit, named by the member.</summary>
    Systemd,

    /// <summary><c>patroni</c>: a Patroni in maintenance mode, alone in its cluster, through its REST API at the address the member gives.</summary>
    Patroni,
}

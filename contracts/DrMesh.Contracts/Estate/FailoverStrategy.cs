namespace DrMesh.Contracts.Estate;

/// <summary>Who starts a failover, and from what the other site comes up.</summary>
public enum FailoverStrategy
{
    /// <summary><c>automatic</c>: DrMesh itself, to a running standby, when the detection policy says the primary is down.</summary>
    Automatic,

    /// <summary><c>manual</c>: a person, who approves each risky phase.</summary>
    Manual,

    /// <summary><c>pilot_light</c>: a person; the other site keeps only its machines and is restored from the repository first.</summary>
    PilotLight,

    /// <summary><c>warm_standby</c>: a person; the other site is behind, and catches up from the repository's archive first.</summary>
    WarmStandby,

    /// <summary><c>hot_standby</c>: a person starts it; the running standby is promoted without further approval.</summary>
    HotStandby,
}

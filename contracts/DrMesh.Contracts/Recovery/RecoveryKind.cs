namespace DrMesh.Contracts.Recovery;

/// <summary>What a DR session does. Numbers are part of the wire: they never change.</summary>
public enum RecoveryKind
{
    /// <summary>The old primary is lost or cut off.</summary>
    Failover = 0,

    /// <summary>A planned move: nothing is lost, and before the promotion the old primary can serve again.</summary>
    Switchover = 1,

    /// <summary>The former primary's site is brought up to date first, then a switchover goes back to it.</summary>
    Failback = 2,
}

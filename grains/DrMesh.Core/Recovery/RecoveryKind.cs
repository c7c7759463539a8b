namespace DrMesh.Core.Recovery;

/// <summary>What a DR session does.</summary>
public enum RecoveryKind
{
    /// <summary>The old primary is lost or cut off.</summary>
    Failover,

    /// <summary>A planned move: nothing is lost, and before the promotion the old primary can serve again.</summary>
    Switchover,

    /// <summary>The former primary's site is brought up to date first, then a switchover goes back to it.</summary>
    Failback,
}

using DrMesh.Core.Sessions;

namespace DrMesh.Core.Recovery;

/// <summary>The phases of a DR session. Stored by name.</summary>
public static class DrPhases
{
    public static readonly Phase Planned = new("Planned");

    /// <summary>Failback: the former primary's site joins again as a standby.</summary>
    public static readonly Phase PreparingSite = new("PreparingSite");

    /// <summary>Failback: it catches up.</summary>
    public static readonly Phase SyncingBack = new("SyncingBack");
    public static readonly Phase Assessing = new("Assessing");
    public static readonly Phase AwaitingApproval = new("AwaitingApproval");
    public static readonly Phase Restoring = new("Restoring");

    /// <summary>Emergency procedures: nobody can acknowledge for the old primary any more, and it is stopped where it can be reached.</summary>
    public static readonly Phase Fencing = new("Fencing");

    /// <summary>A candidate was lost during or after its promotion; there is no way back to the old primary.</summary>
    public static readonly Phase Refencing = new("Refencing");
    public static readonly Phase AwaitingLossApproval = new("AwaitingLossApproval");

    /// <summary>Switchover and failback: writes stop and the new primary gets everything.</summary>
    public static readonly Phase Quiescing = new("Quiescing");
    public static readonly Phase Promoting = new("Promoting");
    public static readonly Phase Validating = new("Validating");

    /// <summary>Switchover and failback: replica sets that are first in the estate's order hand over, before anything is promoted; until then all of it can go back.</summary>
    public static readonly Phase HandingOverSets = new("HandingOverSets");

    /// <summary>The primaries of replica sets move whose turn it is; what moved before them, and what a failover moves, does not go back.</summary>
    public static readonly Phase MovingSets = new("MovingSets");
    public static readonly Phase SwitchingTraffic = new("SwitchingTraffic");
    public static readonly Phase Stabilising = new("Stabilising");

    /// <summary>Nothing was promoted: the old primary serves again.</summary>
    public static readonly Phase Returning = new("Returning");
    public static readonly Phase Completed = new("Completed");
    public static readonly Phase Failed = new("Failed");
    public static readonly Phase Cancelled = new("Cancelled");
}

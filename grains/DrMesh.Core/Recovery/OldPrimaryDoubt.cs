using DrMesh.Contracts.Databases;
using DrMesh.Core.Sessions;

namespace DrMesh.Core.Recovery;

/// <summary>
/// Whether the old primary may still acknowledge writes beside a site that came up from the repository. Such a cluster has no standby whose promise could take the acknowledgement away from
/// a primary that is cut off and lives, so silence proves nothing. What does: its own agent stopped it under the session's epoch; or the promises cover every set its commits wait for; or its lease
/// ran out and it ends with its agent, which is what stops it then. Else a person who knows must say so.
/// </summary>
public static class OldPrimaryDoubt
{
    /// <summary>Why it is not known to be stopped; null: it is, or the session does not bring a site up from the repository.</summary>
    /// <param name="state">The session.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="sets">Every set that may have acknowledged a commit.</param>
    /// <param name="promised">Who promised under the session's epoch.</param>
    public static string? Of(SessionState<RecoveryPlan> state, string cluster, IReadOnlyCollection<AcknowledgingSet> sets, IReadOnlyCollection<string> promised)
    {
        ArgumentNullException.ThrowIfNull(state);
        var move = state.Plan[cluster];
        var hasLapsed = sets.All(set => set.Needed == 0) && state.Evidence(DrSteps.AwaitLease, cluster, "excluded") == "yes";
        if (!state.Plan.RestoresFirst || state.Evidence(DrSteps.FenceOldPrimary, cluster, "stopped") == "yes" || PromotionQuorum.Covers(sets, promised)
            || (hasLapsed && move.OldPrimaryIsGuarded))
        {
            return null;
        }

        var why = hasLapsed
            ? "its lease has run out, but nothing ends its server with its agent (guard)"
            : state.Evidence(DrSteps.AwaitLease, cluster, "why") ?? "nobody else can keep it from acknowledging writes";
        return $"{move.OldPrimary} of {cluster} is not known to be stopped: {why}; agree only when it is off, or its clients cannot reach it";
    }
}

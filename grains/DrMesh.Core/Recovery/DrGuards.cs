using DrMesh.Contracts.Recovery;
using DrMesh.Core.Recovery.ReplicaSets;
using DrMesh.Core.Sessions;

namespace DrMesh.Core.Recovery;

/// <summary>The named conditions of the DR table.</summary>
internal static class DrGuards
{
    /// <summary>How often a candidate may be lost before a person must look.</summary>
    public const int MostPromotions = 3;

    public static readonly Guard<RecoveryPlan> IsFailback = new("IsFailback", state => state.Plan.Kind == RecoveryKind.Failback);

    public static readonly Guard<RecoveryPlan> IsPlannedMove = new("IsPlannedMove", state => state.Plan.Kind != RecoveryKind.Failover);

    public static readonly Guard<RecoveryPlan> NeedsApproval = new("NeedsApproval", state => !state.Plan.ApprovalReasons.IsEmpty);

    public static readonly Guard<RecoveryPlan> RestoresFirst = new("RestoresFirst", state => state.Plan.RestoresFirst);

    public static readonly Guard<RecoveryPlan> HasSets = new("HasSets", state => !state.Plan.Sets.IsEmpty);

    public static readonly Guard<RecoveryPlan> HasOnlySets = new("HasOnlySets", state => state.Plan.Clusters.IsEmpty);

    /// <summary>
    /// Every cluster has a candidate, and what its promotion would lose is known and within the policy's limit; no replica set's survivors would be forced into a set of their own, or a person has
    /// approved that already.
    /// </summary>
    public static readonly Guard<RecoveryPlan> IsLossAcceptable = new(
        "IsLossAcceptable",
        state => state.Plan.Clusters.All(move => state.Evidence(DrSteps.ChooseCandidate, move.Cluster.Value, "acceptable") == "true")
            && state.Plan.Sets.All(move => !move.MayAsk || SetSession.IsAcceptable(state, move.Cluster.Value)));

    /// <summary>A candidate was lost less often than <see cref="MostPromotions"/>.</summary>
    public static readonly Guard<RecoveryPlan> HasTriesLeft = new(
        "HasTriesLeft", state => state.Transitions.Count(moved => moved.To == DrPhases.Promoting.Value) < MostPromotions);
}

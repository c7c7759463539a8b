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

    /// <summary>Replica sets are next in the estate's order.</summary>
    public static readonly Guard<RecoveryPlan> IsTurnOfSets = new("IsTurnOfSets", state => MoveTurns.Next(state) is { IsOfSets: true });

    /// <summary>PostgreSQL clusters are next in the estate's order.</summary>
    public static readonly Guard<RecoveryPlan> IsTurnOfClusters = new("IsTurnOfClusters", state => MoveTurns.Next(state) is { IsOfSets: false });

    public static readonly Guard<RecoveryPlan> HasOnlySets = new("HasOnlySets", state => state.Plan.Clusters.IsEmpty);

    /// <summary>
    /// Every cluster whose candidate the phase chose has one, and what its promotion would lose is known and within the policy's limit; no replica set's survivors would be forced into a set of their own, or a person has
    /// approved that already.
    /// </summary>
    public static readonly Guard<RecoveryPlan> IsLossAcceptable = new(
        "IsLossAcceptable",
        state => MoveTurns.Clusters(state).All(move => state.Evidence(DrSteps.ChooseCandidate, move.Cluster.Value, "acceptable") == "true")
            && state.Plan.Sets.All(move => !move.MayAsk || SetSession.IsAcceptable(state, move.Cluster.Value)));

    /// <summary>In this turn a candidate was lost less often than <see cref="MostPromotions"/>.</summary>
    public static readonly Guard<RecoveryPlan> HasTriesLeft = new("HasTriesLeft", state => Promotions(state) < MostPromotions);

    // Between two turns of clusters there is one of sets.
    private static int Promotions(SessionState<RecoveryPlan> state) =>
        state.Transitions.Skip(state.Transitions.FindLastIndex(moved => moved.To == DrPhases.MovingSets.Value) + 1).Count(moved => moved.To == DrPhases.Promoting.Value);
}

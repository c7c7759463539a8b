using System.Collections.Immutable;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Recovery.ReplicaSets;
using DrMesh.Core.Sessions;

namespace DrMesh.Core.Recovery;

/// <summary>
/// Whose turn it is in a DR session. What comes before the first promotion or step-down is done for all clusters and sets at once; from there on they move turn by turn, in the estate's order. Whose
/// turn is over is read from the session's steps alone.
/// </summary>
public static class MoveTurns
{
    /// <summary>The turns of a plan, in order.</summary>
    public static ImmutableArray<MoveTurn> Of(RecoveryPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var turns = new List<MoveTurn>();
        foreach (var name in plan.Order)
        {
            var isSet = plan.Sets.Any(move => move.Cluster == name);
            if (turns is [.., var last] && last.IsOfSets == isSet)
            {
                turns[^1] = last with { Members = last.Members.Add(name) };
            }
            else
            {
                turns.Add(new MoveTurn(isSet, [name]));
            }
        }

        return [.. turns];
    }

    /// <summary>The turn that comes when the phase the session stands in is left; null: every cluster and set had its turn.</summary>
    public static MoveTurn? Next(SessionState<RecoveryPlan> state) => First(state, static (record, now) => record.Visit <= now.Visit);

    /// <summary>The clusters that a step of the session's phase acts on.</summary>
    public static IEnumerable<ClusterMove> Clusters(SessionState<RecoveryPlan> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Phase == DrPhases.Promoting || state.Phase == DrPhases.Validating || state.Phase == DrPhases.Refencing
            ? state.Plan.Clusters.Where(move => IsIn(Current(state), move.Cluster.Value))
            : state.Plan.Clusters;
    }

    /// <summary>The replica sets that a step of the session's phase acts on.</summary>
    public static IEnumerable<SetMove> Sets(SessionState<RecoveryPlan> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Phase == DrPhases.MovingSets || state.Phase == DrPhases.HandingOverSets
            ? state.Plan.Sets.Where(move => IsIn(Current(state), move.Cluster.Value))
            : state.Plan.Sets;
    }

    private static bool IsIn(MoveTurn? turn, string cluster) => turn is not null && turn.Members.Any(member => member.Value == cluster);

    // The turn of the phase the session has entered: its own steps are being planned, and end no turn.
    private static MoveTurn? Current(SessionState<RecoveryPlan> state) => First(state, static (record, now) => record.Visit < now.Visit);

    // A cluster's turn is over once its new primary is proven; a set's once it was tried, since one that does not move holds up nobody.
    private static MoveTurn? First(SessionState<RecoveryPlan> state, Func<StepRecord, SessionState<RecoveryPlan>, bool> isPast)
    {
        ArgumentNullException.ThrowIfNull(state);
        return Of(state.Plan).FirstOrDefault(turn => !turn.Members.All(member => turn.IsOfSets
            ? state.Find(DrSteps.MoveSetPrimary, member.Value) is { } tried && isPast(tried, state)
            : state.Find(DrSteps.ProveWrite, member.Value) is { Status: StepStatus.Done }));
    }
}

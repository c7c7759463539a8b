using System.Collections.Immutable;
using DrMesh.Core.Backups.MongoDb;
using DrMesh.Core.Sessions;

namespace DrMesh.Core.Recovery.ReplicaSets;

/// <summary>A session's choice of a replica set's primary as it stands in its evidence.</summary>
public static class SetSession
{
    /// <summary>The approval that also covers forced reconfigurations.</summary>
    public const string Approval = "AcceptLoss";

    /// <summary>The choice as evidence.</summary>
    /// <param name="move">The set.</param>
    /// <param name="choice">The choice.</param>
    /// <param name="lastSeen">The newest operation ever seen or archived of the set; null: none.</param>
    public static (string Name, string Value)[] ToEvidence(SetMove move, SetChoice choice, OpTime? lastSeen)
    {
        ArgumentNullException.ThrowIfNull(move);
        ArgumentNullException.ThrowIfNull(choice);
        var isForced = choice.Way == SetWay.Force;
        return
        [
            ("way", choice.Way.ToString()),
            ("candidate", choice.Candidate is { } name ? move.NameOf(name) : ""),
            ("host", choice.Candidate ?? ""),
            ("region", choice.Candidate is { } host ? move.At(host)!.Node.Region.Value : ""),
            ("position", choice.Position.ToString()),
            ("survivors", string.Join(',', choice.Survivors)),
            ("lost", string.Join(',', choice.Lost)),
            ("reason", choice.Reason),
            ("question", isForced ? SetLoss.Question(move, choice, lastSeen) : ""),
            ("acceptable", isForced ? "false" : "true"),
        ];
    }

    /// <summary>The session's choice; null: it has made none.</summary>
    public static SetChoice? Read(SessionState<RecoveryPlan> state, string cluster)
    {
        ArgumentNullException.ThrowIfNull(state);
        string? Told(string name) => state.Evidence(DrSteps.ChooseSetPrimary, cluster, name);
        ImmutableArray<string> Hosts(string name) => [.. (Told(name) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)];
        return Told("way") is not { } way ? null : new SetChoice
        {
            Way = Enum.Parse<SetWay>(way),
            Candidate = Told("host") is { Length: > 0 } host ? host : null,
            Position = OpTime.TryParse(Told("position"), out var position) ? position : default,
            Survivors = Hosts("survivors"),
            Lost = Hosts("lost"),
            Reason = Told("reason") ?? "",
        };
    }

    /// <summary>How the set goes back to its former primary; null: the session has not begun to hand it over, or it was led from there all along. What was forced has no way back.</summary>
    public static SetChoice? WayBack(SessionState<RecoveryPlan> state, string cluster)
    {
        ArgumentNullException.ThrowIfNull(state);
        var move = state.Plan.Set(cluster);
        return state.Find(DrSteps.MoveSetPrimary, cluster) is { Attempts: > 0 }
            && Read(state, cluster) is { Way: SetWay.HandOver } chosen
            && move.Members.FirstOrDefault(place => place.Name == move.OldPrimary) is { } former && former.Host != chosen.Candidate
                ? new SetChoice { Way = SetWay.HandOver, Candidate = former.Host, Reason = $"nothing was promoted; {former.Name} is to lead again" }
                : null;
    }

    /// <summary>Whether a person approved what the session asked, forced reconfigurations among it.</summary>
    public static bool IsApproved(SessionState<RecoveryPlan> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Approvals.Any(asked => asked.Name == Approval && asked.ApprovedBy.Length >= asked.ApproversNeeded);
    }

    /// <summary>Whether the choice may be carried out: nothing is forced, or it is approved.</summary>
    public static bool IsAcceptable(SessionState<RecoveryPlan> state, string cluster)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Evidence(DrSteps.ChooseSetPrimary, cluster, "acceptable") switch { "true" => true, "false" => IsApproved(state), _ => false };
    }
}

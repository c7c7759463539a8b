using System.Collections.Immutable;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Recovery;
using DrMesh.Core.Backups.MongoDb;

namespace DrMesh.Core.Recovery.ReplicaSets;

/// <summary>What a recovery plan does with an application's replica sets.</summary>
public static class SetPlanning
{
    /// <summary>The sets that have to move, in the estate's order.</summary>
    public static ImmutableArray<SetMove> Moves(RecoveryFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return [.. facts.Application.Sets.Where(set => facts.Sets.ContainsKey(set.Name)).Select(set => (Set: set, Move: MoveOf(facts, set))).Where(entry => HasToMove(facts, entry.Set, entry.Move)).Select(entry => entry.Move)];
    }

    /// <summary>Why they cannot move, with the next step.</summary>
    public static IEnumerable<string> Blocks(RecoveryFacts facts, IEnumerable<SetMove> moves)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(moves);
        foreach (var move in moves)
        {
            var known = facts.Sets[move.Cluster];
            if (known.Record?.Session is { } session)
            {
                yield return $"session {session} moves {move.Cluster}; drmesh sessions watch {session}";
            }
            else if (known.Seen is null && facts.Request.Kind != RecoveryKind.Failover)
            {
                yield return $"no member of {move.Cluster} answers; check that they run and can be reached from here";
            }
            else if (facts.Request.Kind != RecoveryKind.Failover && move.Strangers(known.Seen!) is { IsEmpty: false } strangers)
            {
                yield return $"{move.Cluster} has members the estate does not name: {string.Join(", ", strangers)}; declare them by the addresses and ports the set itself uses (rs.conf())";
            }
            else if (known.Seen is { } seen && facts.Request.Kind == RecoveryKind.Switchover && SetChoice.Of(seen, move, facts.Request.Kind) is { Way: SetWay.Stay } choice)
            {
                yield return $"{move.Cluster}: {choice.Reason}; drmesh failover {facts.Application.Name} asks about a lost majority";
            }
        }
    }

    /// <summary>How a set is shown before anything is touched.</summary>
    public static SetPreview Preview(RecoveryFacts facts, SetMove move)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(move);
        var known = facts.Sets[move.Cluster];
        var choice = known.Seen is { } seen ? SetChoice.Of(seen, move, facts.Request.Kind) : new SetChoice { Way = SetWay.Stay, Reason = "no member answers" };
        return new SetPreview
        {
            Cluster = move.Cluster,
            OldPrimary = move.OldPrimary,
            Candidate = choice.Candidate is { } host ? move.NameOf(host) : null,
            Way = choice.Way.ToString(),
            Reason = choice.Reason,
            Question = choice.Way == SetWay.Force ? SetLoss.Question(move, choice, known.LastSeen) : null,
            Members = [.. move.Members.Select(place => Preview(known.Seen, place))],
        };
    }

    private static SetMemberPreview Preview(MongoSet? seen, SetMemberPlace place)
    {
        var member = seen?.Members.FirstOrDefault(known => known.Host == place.Host);
        var newest = seen?.Members.Max(known => known.Applied) ?? default;
        return new SetMemberPreview
        {
            Name = place.Name,
            Region = place.Node.Region,
            State = member?.State.ToString() ?? (seen is null ? "not seen" : "not in the set"),
            Votes = member?.Votes ?? 0,
            Priority = member?.Priority ?? 0,
            Position = member is { IsReachable: true } ? member.Applied.ToString() : null,
            BehindSeconds = member is { IsReachable: true } ? newest.Seconds - member.Applied.Seconds : null,
        };
    }

    private static SetMove MoveOf(RecoveryFacts facts, MongoDbCluster set)
    {
        var known = facts.Sets[set.Name];
        var recorded = known.Places.FirstOrDefault(place => place.Name == known.Record?.Primary);
        var primary = known.Places.FirstOrDefault(place => place.Host == known.Seen?.Primary?.Host) ?? recorded;
        // In a failover the set may have elected another primary already: the region it leaves is that of the former one.
        var left = facts.Request.Kind == RecoveryKind.Failover ? recorded : primary;
        return new SetMove
        {
            Cluster = set.Name,
            OldPrimary = primary?.Name ?? "",
            From = left?.Node.Region ?? set.PrimaryRegion,
            To = facts.Request.To ?? (facts.Request.Kind == RecoveryKind.Failback ? set.PrimaryRegion : null),
            Members = known.Places,
            MayAsk = !facts.Request.IsAutomatic,
        };
    }

    private static bool HasToMove(RecoveryFacts facts, MongoDbCluster set, SetMove move)
    {
        var seen = facts.Sets[set.Name].Seen;
        var at = seen?.Primary is { } primary ? move.At(primary.Host)?.Node.Region : null;
        return facts.Request.Kind == RecoveryKind.Failback
            ? seen is null || at != (facts.Request.To ?? set.PrimaryRegion) || !SetGrowth.Of(seen, move, []).IsDone
            : facts.Request.To is not { } to || at != to;
    }
}

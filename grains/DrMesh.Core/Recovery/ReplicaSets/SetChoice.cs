using System.Collections.Immutable;
using DrMesh.Contracts.Recovery;
using DrMesh.Contracts.Regions;
using DrMesh.Core.Backups.MongoDb;

namespace DrMesh.Core.Recovery.ReplicaSets;

/// <summary>Which member of a replica set is to lead, and by which way; or why none can.</summary>
public sealed record SetChoice
{
    /// <summary>The way.</summary>
    public required SetWay Way { get; init; }

    /// <summary>The member to lead, by host; null when it stays.</summary>
    public string? Candidate { get; init; }

    /// <summary>The last operation the candidate has.</summary>
    public OpTime Position { get; init; }

    /// <summary>When forced: who makes up the new configuration, by host, sorted.</summary>
    public ImmutableArray<string> Survivors { get; init; } = [];

    /// <summary>When forced: the other members, by host, sorted. They are to be fenced until they resync.</summary>
    public ImmutableArray<string> Lost { get; init; } = [];

    /// <summary>The reason, one sentence with its values.</summary>
    public required string Reason { get; init; }

    /// <summary>
    /// Chooses by what was seen. With a majority the set hands over by its own rules. Without one, and without a primary, the survivor that has most leads a set of the survivors: only in a failover,
    /// and only where a person can be asked. A primary that still serves, even without a majority, is waited for: it steps down by itself.
    /// </summary>
    /// <param name="seen">The set as it was seen.</param>
    /// <param name="move">What the plan does with it.</param>
    /// <param name="kind">What the session is.</param>
    /// <param name="preferred">The region to prefer where the plan names none; null: no preference.</param>
    public static SetChoice Of(MongoSet seen, SetMove move, RecoveryKind kind, RegionId? preferred = null)
    {
        ArgumentNullException.ThrowIfNull(seen);
        ArgumentNullException.ThrowIfNull(move);
        var configuration = SetConfiguration.Of(seen);
        var answering = Answering(seen).ToArray();
        if (configuration.CanElect(answering.Select(member => member.Host)))
        {
            return HandOver(seen, move, preferred);
        }

        var count = $"{answering.Count(member => member.Votes > 0)} of {configuration.Voters.Count()} voting members answer, {configuration.Majority} are needed";
        if (seen.Primary is { } serving)
        {
            return Stay($"{move.NameOf(serving.Host)} still serves as primary although {count}; it steps down by itself, or the others are only out of sight");
        }

        if (kind != RecoveryKind.Failover)
        {
            return Stay($"{count}; a planned move loses nothing and forces nothing");
        }

        if (!move.MayAsk)
        {
            return Stay($"{count}; a person must approve a forced reconfiguration, and this failover began by itself");
        }

        return Force(seen, move, answering, count, preferred);
    }

    /// <summary>Those that answered themselves and can vote.</summary>
    public static IEnumerable<MongoMember> Answering(MongoSet seen)
    {
        ArgumentNullException.ThrowIfNull(seen);
        return seen.Members.Where(member => member is { IsReachable: true, State: MongoMemberState.Primary or MongoMemberState.Secondary or MongoMemberState.Recovering or MongoMemberState.Arbiter });
    }

    private static SetChoice HandOver(MongoSet seen, SetMove move, RegionId? preferred)
    {
        bool IsThere(MongoMember member) => move.At(member.Host) is { } place && (move.To is { } to ? place.Node.Region == to : place.Node.Region != move.From);
        var best = seen.Members
            .Where(member => IsFit(move, member) && IsThere(member))
            .OrderByDescending(member => move.At(member.Host)!.Node.Region == preferred)
            .ThenByDescending(member => member.State == MongoMemberState.Primary)
            .ThenBy(member => member.Lag >= TimeSpan.FromSeconds(10))
            .ThenByDescending(member => move.At(member.Host)!.Priority)
            .ThenByDescending(member => member.Applied)
            .ThenBy(member => Rank(move, member))
            .FirstOrDefault();
        return best is null
            ? Stay($"no member {(move.To is { } asked ? $"in {asked}" : $"outside {move.From}")} can lead: {string.Join(", ", seen.Members.Select(member => $"{move.NameOf(member.Host)} {member.State}"))}")
            : new SetChoice { Way = SetWay.HandOver, Candidate = best.Host, Position = best.Applied, Reason = $"a majority answers; {move.NameOf(best.Host)} is to lead" };
    }

    // The one that has most leads: of what a majority acknowledged nothing more can be kept.
    private static SetChoice Force(MongoSet seen, SetMove move, IReadOnlyCollection<MongoMember> answering, string count, RegionId? preferred)
    {
        var survivors = answering.Where(member => member.State is MongoMemberState.Secondary or MongoMemberState.Arbiter).ToArray();
        var best = survivors
            .Where(member => IsFit(move, member))
            .OrderByDescending(member => member.Applied)
            .ThenByDescending(member => move.At(member.Host)!.Node.Region == (move.To ?? preferred))
            .ThenBy(member => Rank(move, member))
            .FirstOrDefault();
        if (best is null)
        {
            return Stay($"{count}, and none that answers can lead");
        }

        return new SetChoice
        {
            Way = SetWay.Force,
            Candidate = best.Host,
            Position = best.Applied,
            Survivors = [.. survivors.Select(member => member.Host).Order(StringComparer.Ordinal)],
            Lost = [.. seen.Members.Select(member => member.Host).Except(survivors.Select(member => member.Host)).Order(StringComparer.Ordinal)],
            Reason = count,
        };
    }

    private static bool IsFit(SetMove move, MongoMember member) =>
        member is { IsReachable: true, IsHidden: false, Votes: > 0, State: MongoMemberState.Primary or MongoMemberState.Secondary } && member.Delay == TimeSpan.Zero && move.At(member.Host) is { Priority: > 0 };

    private static int Rank(SetMove move, MongoMember member) => move.Members.IndexOf(move.At(member.Host)!);

    private static SetChoice Stay(string reason) => new() { Way = SetWay.Stay, Reason = reason };
}

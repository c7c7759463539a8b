using DrMesh.Core.Backups.MongoDb;

namespace DrMesh.Core.Recovery.ReplicaSets;

/// <summary>Priorities that let one member lead.</summary>
public static class SetPriorities
{
    /// <summary>The most a server takes.</summary>
    public const double Highest = 1000;

    /// <summary>
    /// The configuration of some of a set's members in which <paramref name="candidate"/> leads more gladly than any other. The others get the estate's priorities; members that are hidden, stay
    /// behind on purpose or hold no data keep theirs. Votes are as they are, or one for each of the kept when <paramref name="allVote"/>.
    /// </summary>
    public static SetConfiguration For(SetMove move, IEnumerable<MongoMember> kept, string candidate, bool allVote = false)
    {
        ArgumentNullException.ThrowIfNull(move);
        var seats = kept.Select(member => new SetSeat(member.Host, PriorityOf(move, member), allVote && member.State != MongoMemberState.Arbiter ? 1 : member.Votes)).ToArray();
        var others = seats.Where(seat => seat.Host != candidate).Select(seat => seat.Priority).DefaultIfEmpty(0).Max();
        return new([.. seats.Select(seat =>
            seat.Host == candidate ? seat with { Priority = seat.Priority > others ? seat.Priority : Math.Min(Highest, others + 1) }
            : others >= Highest && seat.Priority >= Highest ? seat with { Priority = Highest - 1 } : seat)]);
    }

    // A member without a vote must have priority 0.
    private static double PriorityOf(SetMove move, MongoMember member) =>
        member.IsHidden || member.Delay > TimeSpan.Zero || member.State == MongoMemberState.Arbiter || member.Votes == 0 ? member.Priority : move.At(member.Host)?.Priority ?? member.Priority;
}

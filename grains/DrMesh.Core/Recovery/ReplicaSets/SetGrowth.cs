using System.Collections.Immutable;
using DrMesh.Core.Backups.MongoDb;

namespace DrMesh.Core.Recovery.ReplicaSets;

/// <summary>
/// Brings members that were taken out of a set in again: one at a time, first without a vote, so that a member that has nothing yet acknowledges nothing, and with its vote once it has
/// caught up. Each configuration's majorities meet those of the one before.
/// </summary>
/// <param name="Next">The next configuration; null: none now.</param>
/// <param name="Waits">What is waited for; null: nothing.</param>
public sealed record SetGrowth(SetConfiguration? Next, string? Waits)
{
    private static readonly TimeSpan CaughtUp = TimeSpan.FromSeconds(2);

    /// <summary>Whether every member the estate declares is in, as it declares it.</summary>
    public bool IsDone => Next is null && Waits is null;

    /// <summary>What is next.</summary>
    /// <param name="seen">The set as it is seen now; its primary serves.</param>
    /// <param name="move">The members the estate declares.</param>
    /// <param name="fit">The hosts outside the configuration that may join: they answer, and lead nothing.</param>
    public static SetGrowth Of(MongoSet seen, SetMove move, IReadOnlyCollection<string> fit)
    {
        ArgumentNullException.ThrowIfNull(seen);
        ArgumentNullException.ThrowIfNull(move);
        ArgumentNullException.ThrowIfNull(fit);
        var now = SetConfiguration.Of(seen);
        if (seen.Primary is null)
        {
            return new SetGrowth(null, "no primary serves");
        }

        if (move.Strangers(seen) is { IsEmpty: false } strangers)
        {
            return new SetGrowth(null, $"{string.Join(", ", strangers)} is in the set and not in the estate");
        }

        foreach (var seat in now.Seats.Where(seat => seat.Votes == 0 && move.At(seat.Host) is { Votes: true }))
        {
            var member = seen.Members.First(known => known.Host == seat.Host);
            if (member is not { IsReachable: true, State: MongoMemberState.Secondary } || member.Lag > CaughtUp)
            {
                return new SetGrowth(null, $"{move.NameOf(seat.Host)} is {member.State} and {member.Lag.TotalSeconds:0} s behind");
            }

            return new SetGrowth(new SetConfiguration(now.Seats.Replace(seat, seat with { Votes = 1, Priority = Below(now, move.At(seat.Host)!.Priority) })), null);
        }

        var missing = move.Members.Where(member => now.Seats.All(seat => seat.Host != member.Host)).ToImmutableArray();
        return missing.FirstOrDefault(member => fit.Contains(member.Host)) is { } next
            ? new SetGrowth(new SetConfiguration(now.Seats.Add(new SetSeat(next.Host, 0, 0))), null)
            : new SetGrowth(null, missing.IsEmpty ? null : $"{string.Join(", ", missing.Select(member => member.Name))} cannot be reached, or still lead; start them");
    }

    // Who leads is not changed by a member that comes back.
    private static double Below(SetConfiguration now, int priority) => Math.Min(priority, Math.Max(1, now.Seats.Max(seat => seat.Priority) - 1));
}

using System.Collections.Immutable;
using DrMesh.Core.Backups.MongoDb;

namespace DrMesh.Core.Recovery.ReplicaSets;

/// <summary>A member's place in a replica set's configuration.</summary>
/// <param name="Host"><c>host:port</c>.</param>
/// <param name="Priority">How gladly it becomes primary; 0 is never.</param>
/// <param name="Votes">0 or 1.</param>
public sealed record SetSeat(string Host, double Priority, int Votes);

/// <summary>Who votes in a replica set, and how gladly each leads.</summary>
/// <param name="Seats">The members.</param>
public sealed record SetConfiguration(ImmutableArray<SetSeat> Seats)
{
    /// <summary>The hosts that vote.</summary>
    public IEnumerable<string> Voters => Seats.Where(seat => seat.Votes > 0).Select(seat => seat.Host);

    /// <summary>How many votes elect a primary and acknowledge a majority write.</summary>
    public int Majority => (Voters.Count() / 2) + 1;

    /// <summary>A set's configuration as it was seen.</summary>
    public static SetConfiguration Of(MongoSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        return new([.. set.Members.Select(member => new SetSeat(member.Host, member.Priority, member.Votes))]);
    }

    /// <summary>Whether those hosts can elect a primary under this configuration.</summary>
    public bool CanElect(IEnumerable<string> hosts) => Voters.Intersect(hosts, StringComparer.Ordinal).Count() >= Majority;

    /// <summary>Whether every majority of this one has a member in every majority of the other: then the two never elect beside each other.</summary>
    public bool Overlaps(SetConfiguration other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Majority + other.Majority > Voters.Union(other.Voters, StringComparer.Ordinal).Count();
    }

    /// <summary>The same members with the same votes and priorities, in any order.</summary>
    public bool IsSame(SetConfiguration other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Seats.Length == other.Seats.Length && Seats.All(other.Seats.Contains);
    }
}

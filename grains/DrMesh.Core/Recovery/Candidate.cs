using DrMesh.Contracts.Databases;

namespace DrMesh.Core.Recovery;

/// <summary>Which standby is promoted, and what the choice costs.</summary>
/// <param name="Member">The standby that has most; at a tie the one the estate names first.</param>
/// <param name="Timeline">The timeline its WAL ends on.</param>
/// <param name="Received">The end of its WAL.</param>
/// <param name="BytesAhead">How much WAL another standby, which may not become primary, has beyond that; it would be lost.</param>
public sealed record Candidate(string Member, TimelineId Timeline, Lsn Received, long BytesAhead)
{
    /// <summary>Chooses among those who promised under the epoch. WAL of a later timeline is ahead of any on an earlier one.</summary>
    /// <param name="promises">The promises; those under another epoch do not count.</param>
    /// <param name="epoch">The session's epoch of the cluster.</param>
    /// <param name="promotable">Who may become primary, in the estate's order.</param>
    /// <returns>Null when none of the promotable ones promised.</returns>
    public static Candidate? Choose(IReadOnlyCollection<Promise> promises, long epoch, IReadOnlyList<string> promotable)
    {
        ArgumentNullException.ThrowIfNull(promises);
        ArgumentNullException.ThrowIfNull(promotable);
        var valid = promises.Where(promise => promise.Epoch == epoch).ToArray();
        var best = promotable
            .Select((member, rank) => (rank, promise: valid.FirstOrDefault(promise => promise.Member == member)))
            .Where(entry => entry.promise is not null)
            .OrderByDescending(entry => entry.promise!.Timeline)
            .ThenByDescending(entry => entry.promise!.Received)
            .ThenBy(entry => entry.rank)
            .Select(entry => entry.promise)
            .FirstOrDefault();
        if (best is null)
        {
            return null;
        }

        var ahead = valid
            .Where(promise => promise.Timeline > best.Timeline || (promise.Timeline == best.Timeline && promise.Received > best.Received))
            .Select(promise => promise.Timeline > best.Timeline ? long.MaxValue : promise.Received - best.Received)
            .DefaultIfEmpty(0)
            .Max();
        return new Candidate(best.Member, best.Timeline, best.Received, ahead);
    }
}

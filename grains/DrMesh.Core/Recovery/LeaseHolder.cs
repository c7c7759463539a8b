using System.Collections.Immutable;

namespace DrMesh.Core.Recovery;

/// <summary>
/// What a primary's agent knows of its own lease. It is renewed in the control store; where that does not answer, by a majority of the voters' agents. The end counts on the agent's monotonic
/// clock from before the renewal was sent. An answer that was lost may still have changed the store, so everything the store may hold counts: the shortest length, and a majority of each list of voters.
/// </summary>
public sealed record LeaseHolder
{
    /// <summary>Nothing was taken yet.</summary>
    public static LeaseHolder None { get; } = new();

    /// <summary>Until when the member may write; null: it may not.</summary>
    public TimeSpan? Until { get; private init; }

    /// <summary>What the control store may hold: what it confirmed last, then what was sent since; empty: nothing was taken.</summary>
    public ImmutableArray<ClusterLease> Possible { get; private init; } = [];

    /// <summary>Whether the agents may be asked: no session held the cluster when the control store confirmed last, and it has not refused since.</summary>
    public bool MayAskAgents { get; private init; }

    /// <summary>When the member's database must begin to be fenced; null: it must not serve at all.</summary>
    public TimeSpan? FenceAt => Until - Possible.Select(lease => lease.Term.FenceAllowance).DefaultIfEmpty(TimeSpan.Zero).Max();

    /// <summary>When whatever guards the member's database against its own agent's end must end it: after the agent would have, and before the lease ends; null: at once.</summary>
    public TimeSpan? EndAt => Until - (Possible.Select(lease => lease.Term.FenceAllowance).DefaultIfEmpty(TimeSpan.Zero).Max() / 2);

    /// <summary>Whether the lease runs at a moment of the holder's clock.</summary>
    public bool Runs(TimeSpan now) => now < FenceAt;

    /// <summary>A renewal is about to be sent to the control store.</summary>
    /// <param name="lease">The renewal.</param>
    /// <param name="now">The holder's clock.</param>
    public LeaseHolder Sending(ClusterLease lease, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(lease);
        var end = lease.Term.HolderUntil(now);
        return this with
        {
            Possible = Possible.Contains(lease) ? Possible : Possible.Add(lease),
            // Whoever finds a shorter lease in the store waits for a shorter time.
            Until = Until is { } until && end < until ? end : Until,
        };
    }

    /// <summary>The control store confirmed it.</summary>
    /// <param name="lease">The renewal.</param>
    /// <param name="sent">The holder's clock before it was sent.</param>
    /// <param name="isSettled">Whether no session held the cluster.</param>
    public LeaseHolder Confirmed(ClusterLease lease, TimeSpan sent, bool isSettled)
    {
        ArgumentNullException.ThrowIfNull(lease);
        return this with { Possible = [lease], Until = Later(lease.Term.HolderUntil(sent)), MayAskAgents = isSettled };
    }

    /// <summary>The control store says that the member may not lead: nobody renews from here on, until the store confirms again.</summary>
    public LeaseHolder Refused() => this with { MayAskAgents = false };

    /// <summary>Another member leads: the member may not write.</summary>
    public LeaseHolder Lost() => None;

    /// <summary>The agents answered.</summary>
    /// <param name="granted">The voters that granted it.</param>
    /// <param name="sent">The holder's clock before the first of them was asked.</param>
    public LeaseHolder Granted(IReadOnlyCollection<string> granted, TimeSpan sent)
    {
        ArgumentNullException.ThrowIfNull(granted);
        return MayAskAgents && Possible.All(lease => PromotionQuorum.IsMajority(lease.Voters.Count(granted.Contains), lease.Voters.Length))
            ? this with { Until = Later(Possible.Min(lease => lease.Term.HolderUntil(sent))) }
            : this;
    }

    private TimeSpan Later(TimeSpan end) => Until is { } until && until > end ? until : end;
}

namespace DrMesh.Core.Recovery;

/// <summary>
/// How long a lease counts for each side. Each side reads its own monotonic clock only; the drift margin allows two clocks to run apart by that share
/// (Gray and Cheriton, Leases, 1989).
/// </summary>
/// <param name="Length">The lease, 3 s by default.</param>
/// <param name="Drift">By which share two monotonic clocks may run apart, 0.01 by default.</param>
public sealed record LeaseTerm(TimeSpan Length, double Drift = 0.01)
{
    /// <summary>Until when the holder may write: counted from before it sent the renewal, shortened by the margin.</summary>
    /// <param name="sent">The holder's clock when it began to send.</param>
    public TimeSpan HolderUntil(TimeSpan sent) => sent + (Length * (1 - Drift));

    /// <summary>Until when a granter refuses every promotion promise: counted from after it received the renewal, lengthened by the margin.</summary>
    /// <param name="received">The granter's clock when it had received it.</param>
    public TimeSpan GranterUntil(TimeSpan received) => received + (Length * (1 + Drift));

    /// <summary>How long before the end of its lease a holder begins to fence its database, so that it is down when the lease ends.</summary>
    public TimeSpan FenceAllowance => Length / 6;

    /// <summary>How often a holder renews, and how long it waits for the control store, then for the agents, each time.</summary>
    public TimeSpan RenewalPeriod => Length / 5;

    /// <summary>How long a promoter waits from the moment no further renewal can be granted.</summary>
    public TimeSpan PromoterWait => Length * (1 + (2 * Drift));
}

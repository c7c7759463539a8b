namespace DrMesh.Core.Recovery;

/// <summary>
/// What a promotion needs before it may be sure that nobody else writes, where commits wait for nobody. The epoch was raised, so the control store renews no lease; once a majority of the voters
/// promised, their agents do not either; then the lease that may still run is waited for.
/// </summary>
/// <param name="Voters">Whose promises are needed; null: nobody knows, since the control store holds no lease of the member that may write.</param>
/// <param name="Wait">How long to wait from then on.</param>
public sealed record LeaseExclusion(IReadOnlyCollection<string>? Voters, TimeSpan Wait)
{
    /// <summary>Nobody can be writing: nothing is waited for.</summary>
    public static LeaseExclusion NotNeeded { get; } = new([], TimeSpan.Zero);

    /// <summary>What is needed.</summary>
    /// <param name="lease">The lease in the control store, read after the epoch was raised; null: there is none.</param>
    /// <param name="writers">The members that may write: the old primary, and every candidate whose promotion was ordered.</param>
    /// <param name="stopped">Those of them that are known to be stopped.</param>
    /// <param name="policy">The lease of the policy.</param>
    public static LeaseExclusion Of(ClusterLease? lease, IReadOnlyCollection<string> writers, IReadOnlyCollection<string> stopped, TimeSpan policy)
    {
        ArgumentNullException.ThrowIfNull(writers);
        ArgumentNullException.ThrowIfNull(stopped);
        // Nobody is let write without a lease, so of several that may it is the holder.
        return writers.All(stopped.Contains) || (lease is not null && stopped.Contains(lease.Holder) && writers.Contains(lease.Holder)) ? NotNeeded
            : lease is not null && writers.Contains(lease.Holder) ? new LeaseExclusion(lease.Voters, lease.Term.PromoterWait)
            : new LeaseExclusion(null, new LeaseTerm(policy).PromoterWait);
    }

    /// <summary>How many more voters must promise; 0: enough have. Null: no number is enough.</summary>
    public int? Missing(IReadOnlyCollection<string> promised)
    {
        ArgumentNullException.ThrowIfNull(promised);
        return Voters is null ? null : Voters.Count == 0 ? 0 : Math.Max(0, (Voters.Count / 2) + 1 - Voters.Count(promised.Contains));
    }
}

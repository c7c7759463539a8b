namespace DrMesh.Core.Recovery;

/// <summary>
/// What an agent granted to a primary that cannot reach the control store. While a grant runs, the agent refuses every promotion promise. Before a grant is answered it is on the disk; an agent
/// that was restarted cannot know when the last one ends and lets it run for a full term.
/// </summary>
/// <param name="Holder">Whom it granted last; null: nobody.</param>
/// <param name="Epoch">The epoch it granted under.</param>
/// <param name="Length">The lease's length.</param>
/// <param name="Until">When the grant ends, by this agent's monotonic clock.</param>
public sealed record LeaseGrants(string? Holder, long Epoch, TimeSpan Length, TimeSpan Until)
{
    /// <summary>Nothing was granted.</summary>
    public static LeaseGrants None { get; } = new(null, 0, TimeSpan.Zero, TimeSpan.Zero);

    /// <summary>What an agent holds after a restart, by what it stored.</summary>
    public static LeaseGrants Restarted(string? holder, long epoch, TimeSpan length, TimeSpan now) =>
        holder is null ? None : new LeaseGrants(holder, epoch, length, new LeaseTerm(length).GranterUntil(now));

    /// <summary>Grants, or says why not.</summary>
    /// <param name="holder">Who asks.</param>
    /// <param name="epoch">The epoch the control store let it lead under.</param>
    /// <param name="length">The lease's length.</param>
    /// <param name="seen">The highest epoch this agent has stored: its promise, where it gave one.</param>
    /// <param name="now">This agent's clock, after it received the question.</param>
    public (LeaseGrants Next, string? Refusal) Ask(string holder, long epoch, TimeSpan length, long seen, TimeSpan now) =>
        epoch < Math.Max(seen, Epoch) ? (this, $"epoch {epoch} is over; it has seen {Math.Max(seen, Epoch)}")
        : Runs(now) && Holder != holder ? (this, $"it granted {Holder} a lease that still runs")
        : (new LeaseGrants(holder, epoch, length, Later(new LeaseTerm(length).GranterUntil(now))), null);

    /// <summary>Why it promises nobody anything; null: it may.</summary>
    public string? PromiseRefusal(TimeSpan now) => Runs(now) ? $"it granted {Holder} a lease that runs for {(Until - now).TotalSeconds:0.0} s more" : null;

    /// <summary>Whether what must be on the disk differs.</summary>
    public bool IsStoredAs(LeaseGrants other) => other is not null && (Holder, Epoch, Length) == (other.Holder, other.Epoch, other.Length);

    private bool Runs(TimeSpan now) => Holder is not null && now < Until;

    private TimeSpan Later(TimeSpan end) => Until > end ? Until : end;
}

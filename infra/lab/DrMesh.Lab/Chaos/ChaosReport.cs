namespace DrMesh.Lab.Chaos;

/// <summary>What a run showed.</summary>
internal sealed record ChaosReport
{
    /// <summary>The seed; null: the faults were named.</summary>
    public required int? Seed { get; init; }

    /// <summary>What struck, in order.</summary>
    public required IReadOnlyList<StruckFault> Faults { get; init; }

    /// <summary>Rows the writers were told are written.</summary>
    public required int Acknowledged { get; init; }

    /// <summary>Acknowledged, and not there.</summary>
    public required int Lost { get; init; }

    /// <summary>Acknowledged by a server when another was primary already.</summary>
    public required int DoubleAcknowledged { get; init; }

    /// <summary>What must never be: one sentence each; empty: nothing was.</summary>
    public required IReadOnlyList<string> Violations { get; init; }
}

/// <summary>One fault of a run.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Region">Where it struck.</param>
/// <param name="StoreLeader">Where the control store's leader was when it struck; null: nowhere. With its region lost, too, nothing is decided until the store has another.</param>
/// <param name="Seconds">Until it was mended.</param>
/// <param name="WriteGapSeconds">The longest time without an acknowledged write from the strike until all was well again.</param>
/// <param name="RecoverySeconds">From the mending until all was well again.</param>
/// <param name="Moved">Whether another region led afterwards.</param>
internal sealed record StruckFault(string Name, string Region, string? StoreLeader, double Seconds, double WriteGapSeconds, double RecoverySeconds, bool Moved);

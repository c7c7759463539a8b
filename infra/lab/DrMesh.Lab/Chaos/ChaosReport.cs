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
internal sealed record StruckFault
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Where it struck.</summary>
    public required string Region { get; init; }

    /// <summary>Where the control store's leader was when it struck; null: nowhere. With its region lost, too, nothing is decided until the store has another.</summary>
    public required string? StoreLeader { get; init; }

    /// <summary>Where the member of the control store was that each of its commits waits for; null: nowhere. With its region lost, too, they wait until the leader names another.</summary>
    public required string? StoreStandby { get; init; }

    /// <summary>Where the control store's leader was when all was well again; null: nowhere.</summary>
    public required string? StoreLeaderAfter { get; init; }

    /// <summary>Until it was mended.</summary>
    public required double Seconds { get; init; }

    /// <summary>The longest time without an acknowledged write from the strike until all was well again.</summary>
    public required double WriteGapSeconds { get; init; }

    /// <summary>From the mending until all was well again.</summary>
    public required double RecoverySeconds { get; init; }

    /// <summary>Whether another region led afterwards.</summary>
    public required bool Moved { get; init; }

    /// <summary>How many sessions that move the database began from the strike until all was well again.</summary>
    public required int Sessions { get; init; }

    /// <summary>From the strike to the begin of the session that moved the database, then how long that was in each of its phases; empty: it did not move.</summary>
    public required IReadOnlyDictionary<string, double> PhaseSeconds { get; init; }
}

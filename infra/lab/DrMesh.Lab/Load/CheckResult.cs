namespace DrMesh.Lab.Load;

/// <summary>What the writers' logs and the surviving database prove.</summary>
internal sealed record CheckResult
{
    /// <summary>Rows tried.</summary>
    public required int Tried { get; init; }

    /// <summary>Rows acknowledged.</summary>
    public required int Acknowledged { get; init; }

    /// <summary>Acknowledged rows the database does not have: each breaks S2 in <c>quorum</c> durability.</summary>
    public required IReadOnlyList<RowWrite> Lost { get; init; }

    /// <summary>Rows acknowledged by a server when another one had acknowledged on a later timeline, or on the same: each breaks S1.</summary>
    public required IReadOnlyList<RowWrite> DoubleAcknowledged { get; init; }

    /// <summary>The longest time without an acknowledgement of any writer.</summary>
    public required TimeSpan LongestGap { get; init; }
}

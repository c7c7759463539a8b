namespace DrMesh.Contracts.Regions;

/// <summary>Whether something answers, and since when that is so.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.reachability")]
public sealed record Reachability
{
    /// <summary>Whether it answers.</summary>
    [Id(0)]
    public required bool IsReachable { get; init; }

    /// <summary>
    /// Since when: for a loss the time of the last answer, not of the time-out that showed it. How long ago that is was counted on a
    /// monotonic clock, so that a stepped wall clock moves it but does not stretch it.
    /// </summary>
    [Id(1)]
    public required DateTimeOffset Since { get; init; }

    /// <summary>How long the last answer took; null when there was none yet.</summary>
    [Id(2)]
    public TimeSpan? RoundTrip { get; init; }

    /// <summary>Why it does not answer, in one sentence; null when it does.</summary>
    [Id(3)]
    public string? Problem { get; init; }
}

using DrMesh.Contracts.Estate.Schema;

namespace DrMesh.Contracts.Estate;

/// <summary>A repeated time in which no failover starts by itself.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.estate-blackout")]
public sealed record BlackoutWindow
{
    /// <summary>When it begins.</summary>
    [Id(0), EstateKey("when the window begins", Format = ValueFormat.Cron)]
    public required string Cron { get; init; }

    /// <summary>How long it lasts.</summary>
    [Id(1), EstateKey("how long it lasts", AtLeast = "1m", AtMost = "7d")]
    public required TimeSpan Duration { get; init; }

    /// <summary>The time zone of <see cref="Cron"/>.</summary>
    [Id(2), EstateKey("the time zone of cron", Format = ValueFormat.TimeZone)]
    public string TimeZone { get; init; } = "UTC";

    /// <summary>Why, for the person who is refused.</summary>
    [Id(3), EstateKey("why, shown to the person who is refused")]
    public string? Reason { get; init; }
}

namespace DrMesh.Core.Backups;

/// <summary>How to collect garbage.</summary>
public sealed record GarbageRequest
{
    /// <summary>How long a condemned object stays.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromHours(24);

    /// <summary>A writer that has not committed within this time is taken for dead; longer than any backup runs.</summary>
    public TimeSpan AbandonAfter { get; init; } = TimeSpan.FromDays(3);

    /// <summary>A pack is written anew without its dead chunks when more than this share of its bytes is dead; 1: never.</summary>
    public double CompactAbove { get; init; } = 0.5;
}

/// <summary>What a garbage collection did, all tiers together.</summary>
public sealed record GarbageReport
{
    /// <summary>Objects condemned by this run.</summary>
    public required long Condemned { get; init; }

    /// <summary>Objects removed.</summary>
    public required long Removed { get; init; }

    /// <summary>Bytes freed.</summary>
    public required long FreedBytes { get; init; }

    /// <summary>Objects an object lock still holds.</summary>
    public required long Locked { get; init; }
}

using System.Collections.Immutable;

namespace DrMesh.Contracts.Restores;

/// <summary>How a point in time would be reached, or why it cannot be.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.pitr-plan")]
public sealed record PitrPlan
{
    /// <summary>What was asked for.</summary>
    [Id(0)]
    public required RecoveryTarget Target { get; init; }

    /// <summary>Why it cannot be reached; null when it can. Then only the nearest points below are set.</summary>
    [Id(1)]
    public string? Refusal { get; init; }

    /// <summary>When refused: the last moment before the target that can be reached; null: none.</summary>
    [Id(2)]
    public DateTimeOffset? NearestBefore { get; init; }

    /// <summary>When refused: the first moment after the target that can be reached; null: none.</summary>
    [Id(3)]
    public DateTimeOffset? NearestAfter { get; init; }

    /// <summary>The base backup.</summary>
    [Id(4)]
    public string Backup { get; init; } = "";

    /// <summary>The repository tier it is read from.</summary>
    [Id(5)]
    public string Tier { get; init; } = "";

    /// <summary>The line of history that is followed; for PostgreSQL a timeline.</summary>
    [Id(6)]
    public string Timeline { get; init; } = "";

    /// <summary>The position from which the log is replayed, in the system's own notation.</summary>
    [Id(7)]
    public string LogFrom { get; init; } = "";

    /// <summary>The position up to which it is replayed; where the target's position is not known, the end of the window.</summary>
    [Id(8)]
    public string LogTo { get; init; } = "";

    /// <summary>Bytes the base backup restores to.</summary>
    [Id(9)]
    public long BaseBytes { get; init; }

    /// <summary>Bytes of log between <see cref="LogFrom"/> and <see cref="LogTo"/>.</summary>
    [Id(10)]
    public long LogBytes { get; init; }

    /// <summary>How long it is expected to take, from the rates of earlier restores; null while there is no history.</summary>
    [Id(11)]
    public TimeSpan? Estimate { get; init; }

    /// <summary>The time between the target and the newest archived state: what was committed in it will be gone. Null when it cannot be told.</summary>
    [Id(12)]
    public TimeSpan? DataLoss { get; init; }

    /// <summary>Bytes of archived log after the target, which will not be replayed.</summary>
    [Id(13)]
    public long DroppedLogBytes { get; init; }

    /// <summary>The steps in order.</summary>
    [Id(14)]
    public ImmutableArray<PitrStep> Steps { get; init; } = [];

    /// <summary>How to go back to how it was before, in order.</summary>
    [Id(15)]
    public ImmutableArray<PitrStep> Rollback { get; init; } = [];

    /// <summary>The moment that belongs to <see cref="LogTo"/>; null: unknown.</summary>
    [Id(16)]
    public DateTimeOffset? ReachedAt { get; init; }

    /// <summary>Whether the target can be reached.</summary>
    public bool IsPossible => Refusal is null;
}

using System.Collections.Immutable;
using DrMesh.Contracts.Backups;

namespace DrMesh.Contracts.Restores.Unified;

/// <summary>How an application, or some of its parts, would be restored; or why it cannot be.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.unified-pitr-plan")]
public sealed record UnifiedPitrPlan
{
    /// <summary>The application.</summary>
    [Id(0)]
    public required string Application { get; init; }

    /// <summary>What was asked for, as a person reads it.</summary>
    [Id(1)]
    public required string Target { get; init; }

    /// <summary>Why it cannot be reached; null: it can.</summary>
    [Id(2)]
    public string? Refusal { get; init; }

    /// <summary>What to do about the refusal.</summary>
    [Id(3)]
    public string? Hint { get; init; }

    /// <summary>The unified backup; null: there is none.</summary>
    [Id(4)]
    public BackupId? Backup { get; init; }

    /// <summary>When its point was taken.</summary>
    [Id(5)]
    public DateTimeOffset? TakenAt { get; init; }

    /// <summary>The parts, in the estate's order.</summary>
    [Id(6)]
    public ImmutableArray<PartRestorePlan> Parts { get; init; } = [];

    /// <summary>The strategies, the chosen one first.</summary>
    [Id(7)]
    public ImmutableArray<StrategyOffer> Strategies { get; init; } = [];

    /// <summary>The steps in order.</summary>
    [Id(8)]
    public ImmutableArray<PitrStep> Steps { get; init; } = [];

    /// <summary>What is done when a part fails, in order.</summary>
    [Id(9)]
    public ImmutableArray<PitrStep> Rollback { get; init; } = [];

    /// <summary>Whether it can be reached.</summary>
    public bool IsPossible => Refusal is null;
}

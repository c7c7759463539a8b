using System.Collections.Immutable;

namespace DrMesh.Contracts.Sessions;

/// <summary>One step of a session on one target.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.step-summary")]
public sealed record StepSummary
{
    /// <summary>An imperative, for example <c>PromoteCandidate</c>.</summary>
    [Id(0)]
    public required string Step { get; init; }

    /// <summary>What it acts on, for example a cluster; empty when there is only one thing it can be.</summary>
    [Id(1)]
    public required string Target { get; init; }

    /// <summary>The phase it belongs to.</summary>
    [Id(2)]
    public required string Phase { get; init; }

    /// <summary>How it stands.</summary>
    [Id(3)]
    public required StepStatus Status { get; init; }

    /// <summary>How often it was started.</summary>
    [Id(4)]
    public required int Attempts { get; init; }

    /// <summary>When its last attempt was intended; null before the first.</summary>
    [Id(5)]
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When its last attempt ended.</summary>
    [Id(6)]
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>What it last said of itself while running; null: nothing.</summary>
    [Id(7)]
    public string? Progress { get; init; }

    /// <summary>Why it failed last; null: it did not.</summary>
    [Id(8)]
    public string? Reason { get; init; }

    /// <summary>What it found and did: LSNs, times, answers.</summary>
    [Id(9)]
    public ImmutableSortedDictionary<string, string> Evidence { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}

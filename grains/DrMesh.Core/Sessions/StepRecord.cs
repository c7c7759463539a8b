using System.Collections.Immutable;
using System.Text.Json.Serialization;
using DrMesh.Contracts.Sessions;

namespace DrMesh.Core.Sessions;

/// <summary>What is stored of one step on one target.</summary>
public sealed record StepRecord
{
    /// <summary>The step.</summary>
    public required StepName Step { get; init; }

    /// <summary>What it acts on.</summary>
    public required string Target { get; init; }

    /// <summary>The phase it belongs to.</summary>
    public required Phase Phase { get; init; }

    /// <summary>Which entry into a phase planned it; the current ones are those of <see cref="SessionState{TPlan}.Visit"/>.</summary>
    public required int Visit { get; init; }

    /// <summary>How it stands.</summary>
    public StepStatus Status { get; init; }

    /// <summary>How often it was started, on earlier visits of its phase too: an attempt's number is never used twice.</summary>
    public int Attempts { get; init; }

    /// <summary>How often it failed on this visit; a start lost with its silo is no failure.</summary>
    public int Failures { get; init; }

    /// <summary>The epoch under which its last attempt was intended.</summary>
    public long Epoch { get; init; }

    /// <summary>True: an attempt's outcome is not known, so the next one must first ask the receiver.</summary>
    public bool InDoubt { get; init; }

    /// <summary>When the last attempt was intended.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When the last attempt ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Not to be tried again before this.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Why the last attempt failed.</summary>
    public string? Reason { get; init; }

    /// <summary>What it found and did.</summary>
    public ImmutableSortedDictionary<string, string> Evidence { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>The key of its last start.</summary>
    [JsonIgnore]
    public StepKey Key => new(Step, Target, Epoch, Attempts);

    /// <summary>Its name for a person: <c>FenceOldPrimary orders</c>.</summary>
    [JsonIgnore]
    public string Label => Target.Length == 0 ? Step.Value : $"{Step} {Target}";
}

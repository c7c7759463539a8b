using System.Collections.Immutable;
using System.Text.Json.Serialization;
using DrMesh.Contracts.Sessions;

namespace DrMesh.Core.Sessions;

/// <summary>All that is stored of a session. Decisions read nothing else. JSON, phases and steps by name.</summary>
/// <typeparam name="TPlan">The session's plan: what was asked and accepted; it never changes.</typeparam>
public sealed record SessionState<TPlan>
    where TPlan : class
{
    /// <summary>The machine's schema version when this was written.</summary>
    public required int SchemaVersion { get; init; }

    /// <summary>The session's id.</summary>
    public required SessionId Id { get; init; }

    /// <summary>What it is about; claimed in the session table.</summary>
    public required string Subject { get; init; }

    /// <summary>What it does, in one line.</summary>
    public required string Title { get; init; }

    /// <summary>Who began it.</summary>
    public required string StartedBy { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The time of the last input: "now" for the guards.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How it ended, in one line.</summary>
    public string? Outcome { get; init; }

    /// <summary>How it stands.</summary>
    public SessionStatus Status { get; init; }

    /// <summary>The accepted plan.</summary>
    public required TPlan Plan { get; init; }

    /// <summary>The current phase.</summary>
    public required Phase Phase { get; init; }

    /// <summary>Counts the phases entered.</summary>
    public int Visit { get; init; }

    /// <summary>When the current phase's limit is reached; null: it has none.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>The steps of every phase entered so far.</summary>
    public ImmutableList<StepRecord> Steps { get; init; } = [];

    /// <summary>The names of the steps whose failure only degrades the session.</summary>
    public ImmutableSortedSet<string> OptionalSteps { get; init; } = [];

    /// <summary>The epoch of each target, as its steps raised it.</summary>
    public ImmutableSortedDictionary<string, long> Epochs { get; init; } = ImmutableSortedDictionary<string, long>.Empty;

    /// <summary>The approvals asked for so far; the last one is that of the current phase if <see cref="Asked"/> is set.</summary>
    public ImmutableList<ApprovalRequest> Approvals { get; init; } = [];

    /// <summary>What the current phase waits for; null: nothing.</summary>
    public ApprovalRequest? Asked { get; init; }

    /// <summary>A person's request to cancel; null: none.</summary>
    public CancelRecord? Cancel { get; init; }

    /// <summary>Each change of phase.</summary>
    public ImmutableList<SessionTransition> Transitions { get; init; } = [];

    /// <summary>Every kept event; <see cref="SessionEvent.Sequence"/> is the position from 1.</summary>
    public ImmutableList<SessionEvent> Events { get; init; } = [];

    /// <summary>Whether it has ended.</summary>
    [JsonIgnore]
    public bool IsEnded => EndedAt is not null;

    /// <summary>The steps of the current visit of the current phase, in their order.</summary>
    [JsonIgnore]
    public IEnumerable<StepRecord> CurrentSteps => Steps.Where(step => step.Visit == Visit);

    /// <summary>The sequence of the last event.</summary>
    [JsonIgnore]
    public long LastSequence => Events.Count;

    /// <summary>The last record of a step on a target; null: it was never planned.</summary>
    public StepRecord? Find(StepName step, string target = "") => Steps.FindLast(record => record.Step == step && record.Target == target);

    /// <summary>The evidence of a step that is done; null when it is not, or does not carry that name.</summary>
    public string? Evidence(StepName step, string target, string name) =>
        Find(step, target) is { Status: StepStatus.Done } record && record.Evidence.TryGetValue(name, out var value) ? value : null;
}

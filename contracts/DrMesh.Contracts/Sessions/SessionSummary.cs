using System.Collections.Immutable;

namespace DrMesh.Contracts.Sessions;

/// <summary>How a session stands, in one message.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.session-summary")]
public sealed record SessionSummary
{
    /// <summary>Its id.</summary>
    [Id(0)]
    public required SessionId Id { get; init; }

    /// <summary>What it is about: an application, a cluster, a file tree.</summary>
    [Id(1)]
    public required string Subject { get; init; }

    /// <summary>What it does, in one line: <c>failover of orders from us-east-1 to eu-west-1</c>.</summary>
    [Id(2)]
    public required string Title { get; init; }

    /// <summary>How it stands.</summary>
    [Id(3)]
    public required SessionStatus Status { get; init; }

    /// <summary>The phase it is in, a gerund: <c>Fencing</c>.</summary>
    [Id(4)]
    public required string Phase { get; init; }

    /// <summary>Who began it: a person's name, or <c>policy</c> or <c>schedule</c> with its name.</summary>
    [Id(5)]
    public required string StartedBy { get; init; }

    /// <summary>When it began.</summary>
    [Id(6)]
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it last changed.</summary>
    [Id(7)]
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When it ended; null: it has not.</summary>
    [Id(8)]
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How it ended, in one line; null: it has not.</summary>
    [Id(9)]
    public string? Outcome { get; init; }

    /// <summary>Its steps so far and those of its phase to come, in order.</summary>
    [Id(10)]
    public required ImmutableArray<StepSummary> Steps { get; init; }

    /// <summary>What it waits for a person to approve; null: nothing.</summary>
    [Id(11)]
    public ApprovalRequest? Approval { get; init; }

    /// <summary>The sequence of its last kept event: what <see cref="ISessionGrain.Watch"/> takes to see only what comes after.</summary>
    [Id(12)]
    public required long LastSequence { get; init; }

    /// <summary>Whether it has ended.</summary>
    public bool IsEnded => EndedAt is not null;
}

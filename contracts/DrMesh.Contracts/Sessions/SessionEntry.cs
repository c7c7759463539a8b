namespace DrMesh.Contracts.Sessions;

/// <summary>A session as a list shows it.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.session-entry")]
public sealed record SessionEntry
{
    /// <summary>Its id.</summary>
    [Id(0)]
    public required SessionId Id { get; init; }

    /// <summary>What it is about. No two unfinished sessions of one kind share it.</summary>
    [Id(1)]
    public required string Subject { get; init; }

    /// <summary>What it does, in one line.</summary>
    [Id(2)]
    public required string Title { get; init; }

    /// <summary>How it stands.</summary>
    [Id(3)]
    public required SessionStatus Status { get; init; }

    /// <summary>The phase it is in.</summary>
    [Id(4)]
    public required string Phase { get; init; }

    /// <summary>Who began it.</summary>
    [Id(5)]
    public required string StartedBy { get; init; }

    /// <summary>When it began.</summary>
    [Id(6)]
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended; null: it has not.</summary>
    [Id(7)]
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How it ended, in one line; null: it has not.</summary>
    [Id(8)]
    public string? Outcome { get; init; }
}

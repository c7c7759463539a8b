using DrMesh.Contracts.Databases;

namespace DrMesh.Contracts.Agents;

/// <summary>What an agent answers to an order.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.agent-reply")]
public sealed record AgentReply
{
    /// <summary>Whether it obeyed, now or before.</summary>
    [Id(0)]
    public required bool Obeyed { get; init; }

    /// <summary>The highest epoch it has stored.</summary>
    [Id(1)]
    public required long Epoch { get; init; }

    /// <summary>Why it did not obey; null when it did.</summary>
    [Id(2)]
    public string? Reason { get; init; }

    /// <summary>The timeline of its WAL afterwards.</summary>
    [Id(3)]
    public TimelineId Timeline { get; init; }

    /// <summary>The end of the WAL it has afterwards: received where it follows, written where it leads.</summary>
    [Id(4)]
    public Lsn Lsn { get; init; }

    /// <summary>How it did it: <c>pg_rewind</c>, <c>re-seed</c>; where data was kept aside.</summary>
    [Id(5)]
    public string? Detail { get; init; }

    /// <summary>When the last commit it replayed from an archive happened, by the clock of the server that made it; null: none was replayed.</summary>
    [Id(6)]
    public DateTimeOffset? ReplayedTo { get; init; }

    /// <summary>How many bytes of WAL only its server had, and a rewind took back; null: they were not counted.</summary>
    [Id(7)]
    public long? LostBytes { get; init; }

    /// <summary>How many commits are in them, acknowledged or not; null: they were not counted.</summary>
    [Id(8)]
    public long? LostCommits { get; init; }
}

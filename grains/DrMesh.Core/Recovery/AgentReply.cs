using DrMesh.Contracts.Databases;

namespace DrMesh.Core.Recovery;

/// <summary>What an agent answers to an order.</summary>
public sealed record AgentReply
{
    /// <summary>Whether it obeyed, now or before.</summary>
    public required bool Obeyed { get; init; }

    /// <summary>The highest epoch it has stored.</summary>
    public required long Epoch { get; init; }

    /// <summary>Why it did not obey; null when it did.</summary>
    public string? Reason { get; init; }

    /// <summary>The timeline of its WAL afterwards.</summary>
    public TimelineId Timeline { get; init; }

    /// <summary>The end of the WAL it has afterwards: received where it follows, written where it leads.</summary>
    public Lsn Lsn { get; init; }

    /// <summary>How it did it: <c>pg_rewind</c>, <c>re-seed</c>; where data was kept aside.</summary>
    public string? Detail { get; init; }
}

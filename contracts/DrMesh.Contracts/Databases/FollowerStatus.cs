namespace DrMesh.Contracts.Databases;

/// <summary>A standby as its primary sees it (<c>pg_stat_replication</c>).</summary>
[GenerateSerializer, Immutable, Alias("drmesh.follower-status")]
public sealed record FollowerStatus
{
    /// <summary>Its application name, the member's name.</summary>
    [Id(0)]
    public required string Name { get; init; }

    /// <summary>What it has on disk.</summary>
    [Id(1)]
    public required Lsn Flushed { get; init; }

    /// <summary>What it has replayed.</summary>
    [Id(2)]
    public required Lsn Replayed { get; init; }

    /// <summary><c>async</c>, <c>potential</c>, <c>sync</c> or <c>quorum</c>.</summary>
    [Id(3)]
    public required string SyncState { get; init; }

    /// <summary>How long the last flush took to be known; null: nothing was written lately.</summary>
    [Id(4)]
    public TimeSpan? Lag { get; init; }
}

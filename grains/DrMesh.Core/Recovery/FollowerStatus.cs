using DrMesh.Contracts.Databases;

namespace DrMesh.Core.Recovery;

/// <summary>A standby as its primary sees it (<c>pg_stat_replication</c>).</summary>
/// <param name="Name">Its application name, the member's name.</param>
/// <param name="Flushed">What it has on disk.</param>
/// <param name="Replayed">What it has replayed.</param>
/// <param name="SyncState"><c>async</c>, <c>potential</c>, <c>sync</c> or <c>quorum</c>.</param>
/// <param name="Lag">How long the last flush took to be known; null: nothing was written lately.</param>
public sealed record FollowerStatus(string Name, Lsn Flushed, Lsn Replayed, string SyncState, TimeSpan? Lag);

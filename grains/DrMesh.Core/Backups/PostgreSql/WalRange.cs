using DrMesh.Contracts.Databases;

namespace DrMesh.Core.Backups.PostgreSql;

/// <summary>A stretch of archived WAL without a hole.</summary>
/// <param name="Timeline">The timeline that wrote it.</param>
/// <param name="From">Its first byte.</param>
/// <param name="To">The position after its last byte.</param>
/// <param name="FromTime">When the first byte was written, by the server's clock.</param>
/// <param name="ToTime">The last moment replay of it can stop at: every commit up to this moment is in the range or in one before it.</param>
public sealed record WalRange(TimelineId Timeline, Lsn From, Lsn To, DateTimeOffset FromTime, DateTimeOffset ToTime);

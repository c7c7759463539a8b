using DrMesh.Contracts.Databases;
using DrMesh.Core.Backups;
using DrMesh.Engines.PostgreSql.Pages;

namespace DrMesh.Engines.PostgreSql.Backup;

/// <summary>What all workers of one backup share.</summary>
internal sealed class BackupJob(IBackupWriter writer, ParentBackup? parent, ServerTraits server, BadPages badPages, BackupMeter meter, TimeProvider time)
{
    public IBackupWriter Writer { get; } = writer;

    /// <summary>The backup this one builds on; null: a full one.</summary>
    public ParentBackup? Parent { get; } = parent;

    public ServerTraits Server { get; } = server;

    public BadPages BadPages { get; } = badPages;

    public BackupMeter Meter { get; } = meter;

    public TimeProvider Time { get; } = time;
}

/// <summary>What of the server decides how pages are read.</summary>
/// <param name="HasChecksums">Whether pages carry checksums.</param>
/// <param name="SegmentPages">Pages of a full relation segment.</param>
internal readonly record struct ServerTraits(bool HasChecksums, int SegmentPages);

/// <summary>The backup another one builds on, open for reading.</summary>
/// <param name="Reader">The backup.</param>
/// <param name="StartLsn">Pages changed at or after this position may differ from what it holds.</param>
/// <param name="IsSameOrigin">Whether it read the very same directory, so that inodes and times compare.</param>
internal sealed record ParentBackup(IBackupReader Reader, Lsn StartLsn, bool IsSameOrigin) : IAsyncDisposable
{
    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Reader.DisposeAsync();
}

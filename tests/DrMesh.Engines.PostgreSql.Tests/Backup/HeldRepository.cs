using DrMesh.Contracts.Backups;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.Logs;
using DrMesh.TestKit.Repositories;

namespace DrMesh.Engines.PostgreSql.Tests.Backup;

/// <summary>A repository whose writer does something once, when the first relation's pages are stored: in the middle of a backup.</summary>
internal sealed class HeldRepository(FakeRepository inner, Func<Task> inTheMiddle) : IBackupRepository
{
    public IReadOnlyList<string> Tiers => inner.Tiers;

    public IAsyncEnumerable<BackupSummary> ListAsync(string? source = null, CancellationToken cancellationToken = default) => inner.ListAsync(source, cancellationToken);

    public Task<BackupSummary?> FindAsync(BackupId id, CancellationToken cancellationToken = default) => inner.FindAsync(id, cancellationToken);

    public Task<IBackupReader> OpenAsync(BackupId id, CancellationToken cancellationToken = default) => inner.OpenAsync(id, cancellationToken);

    public async Task<IBackupWriter> BeginAsync(BackupDraft draft, CancellationToken cancellationToken = default) =>
        new HeldWriter(await inner.BeginAsync(draft, cancellationToken), inTheMiddle);

    public Task DeleteAsync(BackupId id, CancellationToken cancellationToken = default) => inner.DeleteAsync(id, cancellationToken);

    public ILogArchive OpenLog(string source, string tier) => inner.OpenLog(source, tier);

    public Task<VerifyReport> VerifyAsync(VerifyRequest request, IProgress<VerifyProgress>? progress = null, CancellationToken cancellationToken = default) =>
        inner.VerifyAsync(request, progress, cancellationToken);

    public Task<CopyReport> CopyAsync(CopyRequest request, IProgress<CopyProgress>? progress = null, CancellationToken cancellationToken = default) =>
        inner.CopyAsync(request, progress, cancellationToken);

    public Task<GarbageReport> CollectGarbageAsync(GarbageRequest request, CancellationToken cancellationToken = default) =>
        inner.CollectGarbageAsync(request, cancellationToken);

    public Task<KeyRotationReport> RotateKeyAsync(string newKey, bool keepOld, CancellationToken cancellationToken = default) =>
        inner.RotateKeyAsync(newKey, keepOld, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private sealed class HeldWriter(IBackupWriter writer, Func<Task> inTheMiddle) : IBackupWriter
    {
        private int _did;

        public BackupStatistics Statistics => writer.Statistics;

        public IReadOnlyList<TierOutcome> LostTiers => writer.LostTiers;

        public async ValueTask<ChunkRef> AddChunkAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
        {
            if (Interlocked.Exchange(ref _did, 1) == 0)
            {
                await inTheMiddle();
            }

            return await writer.AddChunkAsync(content, cancellationToken);
        }

        public ValueTask AddFileAsync(BackupFile file, CancellationToken cancellationToken = default) => writer.AddFileAsync(file, cancellationToken);

        public Task<BackupCommit> CommitAsync(BackupCompletion completion, CancellationToken cancellationToken = default) =>
            writer.CommitAsync(completion, cancellationToken);

        public ValueTask DisposeAsync() => writer.DisposeAsync();
    }
}

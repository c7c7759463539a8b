using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.Logs;

namespace DrMesh.TestKit.Repositories;

/// <summary>A repository in memory, a fake for the tests of engines: nothing is compressed or encrypted, and a tier can be made unreachable.</summary>
public sealed class FakeRepository : IBackupRepository
{
    private readonly ConcurrentDictionary<string, FakeBackup> _backups = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Source, string Tier), FakeLog> _logs = new();

    /// <summary>Tiers that answer no call at present.</summary>
    public ConcurrentDictionary<string, bool> Unreachable { get; } = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public IReadOnlyList<string> Tiers { get; init; } = ["hot"];

    /// <summary>Every chunk, in the order it came.</summary>
    internal ConcurrentDictionary<ChunkRef, byte[]> Chunks { get; } = new();

    /// <summary>Bytes of all chunks added so far.</summary>
    public long StoredBytes => Chunks.Values.Sum(chunk => (long)chunk.Length);

    /// <inheritdoc/>
    public async IAsyncEnumerable<BackupSummary> ListAsync(string? source = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask;
        foreach (var backup in _backups.Values.OrderBy(backup => backup.Summary.Id.Value, StringComparer.Ordinal))
        {
            if (source is null || backup.Summary.Source == source)
            {
                yield return backup.Summary;
            }
        }
    }

    /// <inheritdoc/>
    public Task<BackupSummary?> FindAsync(BackupId id, CancellationToken cancellationToken = default) =>
        Task.FromResult(_backups.GetValueOrDefault(id.Value)?.Summary);

    /// <inheritdoc/>
    public Task<IBackupReader> OpenAsync(BackupId id, CancellationToken cancellationToken = default) =>
        Task.FromResult<IBackupReader>(new FakeReader(this, _backups[id.Value]));

    /// <inheritdoc/>
    public Task<IBackupWriter> BeginAsync(BackupDraft draft, CancellationToken cancellationToken = default) =>
        Task.FromResult<IBackupWriter>(new FakeWriter(this, draft));

    /// <inheritdoc/>
    public Task DeleteAsync(BackupId id, CancellationToken cancellationToken = default)
    {
        _backups.TryRemove(id.Value, out _);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public ILogArchive OpenLog(string source, string tier) => _logs.GetOrAdd((source, tier), key => new FakeLog(this, key.Source, key.Tier));

    /// <inheritdoc/>
    public Task<VerifyReport> VerifyAsync(VerifyRequest request, IProgress<VerifyProgress>? progress = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("memory needs no verification");

    /// <inheritdoc/>
    public Task<CopyReport> CopyAsync(CopyRequest request, IProgress<CopyProgress>? progress = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("all tiers are the same memory");

    /// <inheritdoc/>
    public Task<GarbageReport> CollectGarbageAsync(GarbageRequest request, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("memory is collected by the runtime");

    /// <inheritdoc/>
    public Task<KeyRotationReport> RotateKeyAsync(string newKey, bool keepOld, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("nothing is encrypted in memory");

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal void Commit(FakeBackup backup) => _backups[backup.Summary.Id.Value] = backup;

    internal void EnsureReachable(string tier)
    {
        if (Unreachable.ContainsKey(tier))
        {
            throw new DrMeshException(DrMeshError.RepositoryUnreachable, $"tier {tier} does not answer", "make it reachable");
        }
    }
}

/// <summary>A committed backup.</summary>
internal sealed record FakeBackup(BackupSummary Summary, IReadOnlyDictionary<string, BackupFile> Files);

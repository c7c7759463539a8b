using System.Collections.Concurrent;
using DrMesh.Core.Backups;

namespace DrMesh.TestKit.Repositories;

/// <summary>A backup being written into memory.</summary>
internal sealed class FakeWriter(FakeRepository repository, BackupDraft draft) : IBackupWriter
{
    private static long _writers;
    private readonly ulong _number = (ulong)Interlocked.Increment(ref _writers);
    private readonly ConcurrentDictionary<string, BackupFile> _files = new(StringComparer.Ordinal);
    private long _bytes;
    private int _chunks;

    public BackupStatistics Statistics => new(_bytes, 0, _bytes, _chunks, _files.Count);

    public IReadOnlyList<TierOutcome> LostTiers => [];

    public ValueTask<ChunkRef> AddChunkAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        if (!content.Span.ContainsAnyExcept((byte)0))
        {
            return ValueTask.FromResult(ChunkRef.Zeros);
        }

        var chunk = new ChunkRef(_number, 0, (uint)Interlocked.Increment(ref _chunks));
        repository.Chunks[chunk] = content.ToArray();
        Interlocked.Add(ref _bytes, content.Length);
        return ValueTask.FromResult(chunk);
    }

    public ValueTask AddFileAsync(BackupFile file, CancellationToken cancellationToken = default) =>
        _files.TryAdd(file.Path, file) ? ValueTask.CompletedTask : throw new InvalidOperationException($"{file.Path} was added twice");

    public Task<BackupCommit> CommitAsync(BackupCompletion completion, CancellationToken cancellationToken = default)
    {
        var summary = new BackupSummary
        {
            Id = draft.Id,
            Engine = draft.Engine,
            Source = draft.Source,
            Parent = draft.Parent,
            StartedAt = draft.StartedAt,
            CompletedAt = completion.CompletedAt,
            LogicalBytes = _files.Values.Sum(file => file.Length),
            StoredBytes = _bytes,
            FileCount = _files.Values.Count(file => file.Kind == BackupFileKind.File),
            Labels = draft.Labels,
            Facts = completion.Facts,
            Roots = completion.Roots,
            Warnings = completion.Warnings,
            Tiers = repository.Tiers,
        };
        repository.Commit(new FakeBackup(summary, new Dictionary<string, BackupFile>(_files, StringComparer.Ordinal)));
        return Task.FromResult(new BackupCommit { Summary = summary, Tiers = [.. repository.Tiers.Select(tier => new TierOutcome { Tier = tier })] });
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

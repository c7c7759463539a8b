using System.Collections.Concurrent;
using DrMesh.Core.Backups;

namespace DrMesh.Engines.Files.Snapshots;

/// <summary>A writer that remembers the finished record of files with several names, so that the other names can be recorded with the same content.</summary>
internal sealed class LinkRecorder(IBackupWriter inner) : IBackupWriter
{
    private readonly ConcurrentDictionary<string, BackupFile?> _watched = new(StringComparer.Ordinal);

    public BackupStatistics Statistics => inner.Statistics;

    public IReadOnlyList<TierOutcome> LostTiers => inner.LostTiers;

    /// <summary>Asks for a path's record to be remembered.</summary>
    public void Watch(string path) => _watched[path] = null;

    /// <summary>The record of a watched path; null when it was never added.</summary>
    public BackupFile? Find(string path) => _watched.GetValueOrDefault(path);

    public ValueTask<ChunkRef> AddChunkAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default) =>
        inner.AddChunkAsync(content, cancellationToken);

    public ValueTask AddFileAsync(BackupFile file, CancellationToken cancellationToken = default)
    {
        if (_watched.ContainsKey(file.Path))
        {
            _watched[file.Path] = file;
        }

        return inner.AddFileAsync(file, cancellationToken);
    }

    public Task<BackupCommit> CommitAsync(BackupCompletion completion, CancellationToken cancellationToken = default) =>
        inner.CommitAsync(completion, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}

using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.Logs;

namespace DrMesh.Engines.Files.Tests;

/// <summary>A fake of the repository, in memory: shows what the engine hands over and can fail on demand.</summary>
internal sealed class FakeRepository : IBackupRepository
{
    private readonly ConcurrentDictionary<BackupId, (BackupSummary Summary, SortedDictionary<string, BackupFile> Files)> _backups = new();
    private readonly ConcurrentDictionary<string, ChunkRef> _byContent = new();
    private readonly ConcurrentDictionary<ChunkRef, byte[]> _chunks = new();
    private int _chunkCount;

    public IReadOnlyList<string> Tiers => ["fake"];

    /// <summary>Called before each chunk is stored; may throw.</summary>
    public Action<int> OnChunk { get; set; } = _ => { };

    public long ChunkBytes => _chunks.Values.Sum(chunk => (long)chunk.Length);

    public IReadOnlyDictionary<string, BackupFile> FilesOf(string id) => _backups[new BackupId(id)].Files;

    /// <summary>Puts a path into a committed backup, as a damaged or hostile repository might hold it.</summary>
    public void Plant(string id, BackupFile file) => _backups[new BackupId(id)].Files[file.Path] = file;

    public Task<BackupSummary?> FindAsync(BackupId id, CancellationToken cancellationToken = default) =>
        Task.FromResult(_backups.TryGetValue(id, out var backup) ? backup.Summary : null);

    public Task<IBackupReader> OpenAsync(BackupId id, CancellationToken cancellationToken = default) =>
        _backups.TryGetValue(id, out var backup)
            ? Task.FromResult<IBackupReader>(new Reader(this, backup.Summary, backup.Files))
            : throw new DrMeshException(DrMeshError.RepositoryBackupUnknown, $"no backup {id}", "list the backups");

    public Task<IBackupWriter> BeginAsync(BackupDraft draft, CancellationToken cancellationToken = default) =>
        Task.FromResult<IBackupWriter>(new Writer(this, draft));

    public IAsyncEnumerable<BackupSummary> ListAsync(string? source = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task DeleteAsync(BackupId id, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ILogArchive OpenLog(string source, string tier) => throw new NotSupportedException();

    public Task<VerifyReport> VerifyAsync(VerifyRequest request, IProgress<VerifyProgress>? progress = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public Task<CopyReport> CopyAsync(CopyRequest request, IProgress<CopyProgress>? progress = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public Task<GarbageReport> CollectGarbageAsync(GarbageRequest request, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<KeyRotationReport> RotateKeyAsync(string newKey, bool keepOld, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Writer(FakeRepository repository, BackupDraft draft) : IBackupWriter
    {
        private readonly SortedDictionary<string, BackupFile> _files = new(StringComparer.Ordinal);

        public BackupStatistics Statistics => new(0, 0, repository.ChunkBytes, repository._chunkCount, _files.Count);

        public IReadOnlyList<TierOutcome> LostTiers => [];

        public ValueTask<ChunkRef> AddChunkAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            repository.OnChunk(repository._chunkCount);
            if (content.Span.IndexOfAnyExcept((byte)0) < 0)
            {
                return ValueTask.FromResult(ChunkRef.Zeros);
            }

            var reference = repository._byContent.GetOrAdd(
                Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(content.Span)),
                _ => new ChunkRef(1, 0, (uint)Interlocked.Increment(ref repository._chunkCount)));
            repository._chunks[reference] = content.ToArray();
            return ValueTask.FromResult(reference);
        }

        public ValueTask AddFileAsync(BackupFile file, CancellationToken cancellationToken = default)
        {
            lock (_files)
            {
                _files.Add(file.Path, file);
            }

            return ValueTask.CompletedTask;
        }

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
                StoredBytes = 0,
                FileCount = _files.Values.Count(file => file.Kind == BackupFileKind.File),
                Labels = draft.Labels,
                Facts = completion.Facts,
                Roots = completion.Roots,
                Warnings = completion.Warnings,
                Tiers = repository.Tiers,
            };
            repository._backups[draft.Id] = (summary, _files);
            return Task.FromResult(new BackupCommit { Summary = summary, Tiers = [new TierOutcome { Tier = "fake" }] });
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class Reader(FakeRepository repository, BackupSummary summary, SortedDictionary<string, BackupFile> files) : IBackupReader
    {
        public BackupSummary Summary => summary;

        public async IAsyncEnumerable<BackupFile> FilesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            foreach (var file in files.Values.Reverse())
            {
                yield return file;
            }
        }

        public ValueTask<BackupFile?> FindFileAsync(string path, CancellationToken cancellationToken = default) => ValueTask.FromResult(files.GetValueOrDefault(path));

        public ValueTask ReadAsync(ChunkSlice slice, Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            repository._chunks[slice.Chunk].AsMemory(slice.Offset, slice.Length).CopyTo(buffer);
            return ValueTask.CompletedTask;
        }

        public ValueTask<int> ReadAsync(BackupFile file, long offset, Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        // Writes in place and removes what the backup does not know under selected directories, as the port says of a delta restore.
        public Task<RestoreReport> RestoreAsync(RestoreRequest request, IProgress<RestoreProgress>? progress = null, CancellationToken cancellationToken = default)
        {
            var filter = request.Filter ?? (_ => true);
            Directory.CreateDirectory(request.TargetDirectory);
            long written = 0;
            foreach (var file in files.Values.Where(file => filter(file)))
            {
                var path = Path.Combine(request.TargetDirectory, file.Path);
                if (file.Kind == BackupFileKind.Directory)
                {
                    Directory.CreateDirectory(path);
                }
                else if (file.Kind == BackupFileKind.SymbolicLink)
                {
                    File.Delete(path);
                    File.CreateSymbolicLink(path, file.LinkTarget);
                }
                else
                {
                    using var stream = new FileStream(path, FileMode.OpenOrCreate);
                    stream.SetLength(0);
                    stream.SetLength(file.Length);
                    foreach (var extent in file.Extents.Span)
                    {
                        stream.Position = extent.FileOffset;
                        stream.Write(repository._chunks[extent.Source.Chunk].AsSpan(extent.Source.Offset, extent.Source.Length));
                        written += extent.Length;
                    }
                }
            }

            var report = new RestoreReport { Files = files.Count, TotalBytes = written, WrittenBytes = written, RemovedPaths = 0, ReadBytes = written };
            return Task.FromResult(report);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

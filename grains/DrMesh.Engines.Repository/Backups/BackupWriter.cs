using System.IO.Hashing;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups;
using DrMesh.Engines.Repository.Dedup;
using DrMesh.Engines.Repository.Format;
using DrMesh.Engines.Repository.Packs;
using DrMesh.Engines.Repository.Tiers;

namespace DrMesh.Engines.Repository.Backups;

/// <summary>
/// A backup being written. <see cref="AddChunkAsync"/> is the hot path: hash, look up, compress and encrypt on the caller's thread, then a short copy into the pack under a lock.
/// </summary>
internal sealed class BackupWriter : IBackupWriter
{
    /// <summary>Part buffers on their way to the stores before callers wait: 64 MiB.</summary>
    private const int MostParts = 8;

    private readonly TierSet _tiers;
    private readonly BackupDraft _draft;
    private readonly PartPool _pool = new(MostParts);
    private readonly PackAssembler _assembler;
    private readonly SealerPool _sealers;
    private readonly BackupTree _tree;
    private readonly Queue<IndexedPack> _ownPacks = [];
    private readonly Lazy<Task<ChunkIndex>> _known;
    private readonly ChunkIndexLoader _loader;
    private long _ownChunks;
    private ulong _sequence;
    private long _plainBytes;
    private long _reusedBytes;
    private long _chunks;

    public BackupWriter(TierSet tiers, BackupDraft draft, WriterStart start, TimeProvider time)
    {
        _tiers = tiers;
        _draft = draft;
        Number = start.Writer;
        Targets = start.Targets;
        Time = time;
        _loader = start.Loader;
        var live = Targets.Where(target => target.IsLive).ToArray();
        foreach (var target in live)
        {
            target.StartPump();
        }

        _sealers = new SealerPool(start.Key.ChunkKey, draft.CompressionLevel);
        _assembler = new PackAssembler(Number, start.Key, _pool, [.. live.Select(target => target.Pump!)])
        {
            OnPackEnded = (pack, entries) => NotePack(IndexObject.Of(Number, pack, entries)),
        };
        _tree = new BackupTree(StoreTreeAsync);
        _known = new Lazy<Task<ChunkIndex>>(() => _loader.LoadAsync(start.OrphanWriters, CancellationToken.None));
    }

    public ulong Number { get; }

    public IReadOnlyList<TargetTier> Targets { get; }

    public BackupDraft Draft => _draft;

    public BackupTree Tree => _tree;

    public TimeProvider Time { get; }

    public BackupStatistics Statistics => new(
        Interlocked.Read(ref _plainBytes), Interlocked.Read(ref _reusedBytes), _assembler.StoredBytes, Interlocked.Read(ref _chunks), _tree.Paths);

    public IReadOnlyList<TierOutcome> LostTiers => [.. Targets.Where(target => !target.IsLive).Select(target => target.Outcome)];

    public async ValueTask<ChunkRef> AddChunkAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        if (content.Length is 0 or > ChunkSize.Maximum)
        {
            throw new ArgumentOutOfRangeException(nameof(content), content.Length, $"a chunk has 1 to {ChunkSize.Maximum} bytes");
        }

        Interlocked.Increment(ref _chunks);
        Interlocked.Add(ref _plainBytes, content.Length);
        if (!content.Span.ContainsAnyExcept((byte)0))
        {
            Interlocked.Add(ref _reusedBytes, content.Length);
            return ChunkRef.Zeros;
        }

        var id = _tiers.Secret.Identify(content.Span);
        var known = _known.Value.IsCompletedSuccessfully ? _known.Value.Result : await _known.Value;
        if (_assembler.TryFind(id, out var chunk) || known.TryFind(id, out chunk))
        {
            Interlocked.Add(ref _reusedBytes, content.Length);
            return chunk;
        }

        chunk = Store(content.Span, id);
        ThrowIfAllLost();
        await _pool.WaitForRoomAsync(cancellationToken);
        return chunk;
    }

    public ValueTask AddFileAsync(BackupFile file, CancellationToken cancellationToken = default) => _tree.AddAsync(file, cancellationToken);

    public async Task<BackupCommit> CommitAsync(BackupCompletion completion, CancellationToken cancellationToken = default)
    {
        var commit = new BackupCommitter(_tiers, this);
        var (tree, paths) = await _tree.FinishAsync(cancellationToken);
        _assembler.Finish();
        foreach (var target in Targets.Where(target => target.Pump is not null))
        {
            await target.Pump!.FinishAsync(cancellationToken);
        }

        ThrowIfAllLost();
        return await commit.CommitAsync(completion, tree, paths, cancellationToken);
    }

    /// <summary>The index objects' content: this backup's packs, and those of writers that never committed on which it builds.</summary>
    public IEnumerable<IndexedPack> PacksToIndex(Dictionary<ulong, uint[]> referred) =>
        _ownPacks.Concat(_loader.Orphans.Values.Where(pack =>
            referred.TryGetValue(pack.Writer, out var packs) && Array.BinarySearch(packs, pack.Pack) >= 0));

    /// <summary>Whether garbage collection of the tier may remove something the backup needs although the writer's marker stands.</summary>
    public bool MayLose(TargetTier target, Dictionary<ulong, uint[]> referred) =>
        !target.HasParent && referred.Any(pair => pair.Value.Any(pack => _loader.IsCondemned(target.Tier, pair.Key, pack)));

    public async ValueTask DisposeAsync()
    {
        foreach (var target in Targets.Where(target => target.Pump is not null))
        {
            await target.Pump!.DisposeAsync();
        }

        // Without a commit the writer's marker stays: it leads the source's next backup to the packs that are complete.
        _sealers.Dispose();
    }

    // The tree's chunks are not looked up among the known: they are hardly ever the same twice.
    private async ValueTask<ChunkRef> StoreTreeAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var chunk = Store(content.Span, _tiers.Secret.Identify(content.Span));
        await _pool.WaitForRoomAsync(cancellationToken);
        return chunk;
    }

    private ChunkRef Store(ReadOnlySpan<byte> content, ChunkId id)
    {
        var sealer = _sealers.Take();
        try
        {
            var frame = sealer.Seal(content, Interlocked.Increment(ref _sequence), id);
            return _assembler.Append(frame, id, content.Length, XxHash3.HashToUInt64(content));
        }
        finally
        {
            _sealers.Return(sealer);
        }
    }

    // A loader knows no more than the newest chunks, so no more are kept for the index.
    private void NotePack(IndexedPack pack)
    {
        _ownPacks.Enqueue(pack);
        _ownChunks += pack.Chunks.Length;
        while (_ownChunks > ChunkIndex.MostChunks)
        {
            _ownChunks -= _ownPacks.Dequeue().Chunks.Length;
        }
    }

    private void ThrowIfAllLost()
    {
        foreach (var target in Targets)
        {
            if (target.IsLive)
            {
                return;
            }
        }

        var failure = Targets[^1].Failure!;
        throw new DrMeshException(failure.Code, $"every tier is lost: {failure.Message}", failure.Hint, failure);
    }
}

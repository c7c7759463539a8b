using DrMesh.Core.Backups;
using DrMesh.Engines.Repository.Manifests;

namespace DrMesh.Engines.Repository.Backups;

/// <summary>
/// Collects a backup's paths into blocks that are stored as chunks as they fill, and which packs the paths refer to. Callers add paths at once, in any order.
/// </summary>
internal sealed class BackupTree(Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<ChunkRef>> store)
{
    private const int BlockLength = 512 << 10;
    private readonly Lock _lock = new();
    private readonly TreeBlockWriter _writer = new();
    private readonly PathIndexBuilder _paths = new();
    private readonly List<BlockRef> _blocks = [];
    private readonly Dictionary<ulong, HashSet<uint>> _packs = [];
    private long _files;
    private long _logicalBytes;

    public long Paths => _paths.Count;

    public long Files => _files;

    public long LogicalBytes => _logicalBytes;

    public async ValueTask AddAsync(BackupFile file, CancellationToken cancellationToken)
    {
        BackupPath.Check(file.Path);
        CheckExtents(file);
        (int Number, ReadOnlyMemory<byte> Content)? full = null;
        lock (_lock)
        {
            _writer.Add(file);
            _paths.Add(file.Path, _blocks.Count);
            _logicalBytes += file.Length;
            _files += file.Kind == BackupFileKind.File ? 1 : 0;
            Refer(file);
            if (_writer.Length >= BlockLength)
            {
                full = EndBlock();
            }
        }

        if (full is { } block)
        {
            await StoreAsync(block.Number, block.Content, cancellationToken);
        }
    }

    /// <summary>Stores what is left and the path index. Nothing may be added any more.</summary>
    public async Task<(BlockRef[] Tree, PathIndexRef[] Paths)> FinishAsync(CancellationToken cancellationToken)
    {
        if (!_writer.IsEmpty)
        {
            var (number, content) = EndBlock();
            await StoreAsync(number, content, cancellationToken);
        }

        var index = new List<PathIndexRef>();
        foreach (var (firstHash, block) in _paths.Encode())
        {
            index.Add(new PathIndexRef(firstHash, await StoreBytesAsync(block, cancellationToken)));
        }

        return ([.. _blocks], [.. index]);
    }

    /// <summary>Every pack referred to, sorted; the tree's own included.</summary>
    public Dictionary<ulong, uint[]> Packs() => _packs.ToDictionary(pair => pair.Key, pair => pair.Value.Order().ToArray());

    private static void CheckExtents(BackupFile file)
    {
        long end = 0;
        foreach (var extent in file.Extents.Span)
        {
            if (extent.FileOffset < end || extent.Length <= 0 || extent.FileEnd > file.Length || extent.Source.Chunk == ChunkRef.Zeros)
            {
                throw new ArgumentException($"{file.Path}: the extent at {extent.FileOffset} overlaps, is empty, is zeros or ends beyond the file", nameof(file));
            }

            end = extent.FileEnd;
        }
    }

    private void Refer(BackupFile file)
    {
        var last = ChunkRef.Zeros;
        foreach (var extent in file.Extents.Span)
        {
            Refer(extent.Source.Chunk, ref last);
        }

        foreach (var slice in file.Notes.Span)
        {
            Refer(slice.Chunk, ref last);
        }
    }

    private void Refer(ChunkRef chunk, ref ChunkRef last)
    {
        if (chunk == ChunkRef.Zeros || (chunk.Writer == last.Writer && chunk.Pack == last.Pack))
        {
            return;
        }

        last = chunk;
        if (!_packs.TryGetValue(chunk.Writer, out var packs))
        {
            _packs.Add(chunk.Writer, packs = []);
        }

        packs.Add(chunk.Pack);
    }

    private (int Number, ReadOnlyMemory<byte> Content) EndBlock()
    {
        var content = _writer.Detach();
        _blocks.Add(default);
        return (_blocks.Count - 1, content);
    }

    private async ValueTask StoreAsync(int number, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var block = await StoreBytesAsync(content, cancellationToken);
        lock (_lock)
        {
            _blocks[number] = block;
        }
    }

    // One path with very many extents makes a block longer than a chunk.
    private async ValueTask<BlockRef> StoreBytesAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var chunks = new ChunkRef[(content.Length + ChunkSize.Maximum - 1) / ChunkSize.Maximum];
        for (var i = 0; i < chunks.Length; i++)
        {
            var offset = i * ChunkSize.Maximum;
            chunks[i] = await store(content.Slice(offset, Math.Min(ChunkSize.Maximum, content.Length - offset)), cancellationToken);
        }

        lock (_lock)
        {
            var last = ChunkRef.Zeros;
            foreach (var chunk in chunks)
            {
                Refer(chunk, ref last);
            }
        }

        return new BlockRef(chunks, content.Length);
    }
}

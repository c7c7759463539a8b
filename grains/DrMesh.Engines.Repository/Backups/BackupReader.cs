using System.Runtime.CompilerServices;
using DrMesh.Core.Backups;
using DrMesh.Engines.Repository.Manifests;
using DrMesh.Engines.Repository.Packs;
using DrMesh.Engines.Repository.Restores;
using DrMesh.Engines.Repository.Tiers;

namespace DrMesh.Engines.Repository.Backups;

/// <summary>A committed backup, open for reading.</summary>
internal sealed class BackupReader : IBackupReader
{
    private const int KeptBlocks = 8;
    private const int KeptChunks = 16;
    private readonly TierSet _tiers;
    private readonly Manifest _manifest;
    private readonly string _name;
    private readonly ChunkSource _source;
    private readonly LeastRecent<ChunkRef, byte[]> _chunks;
    private readonly LeastRecent<int, Dictionary<string, BackupFile>> _tree;
    private readonly LeastRecent<int, PathIndexBlock> _paths;

    public BackupReader(TierSet tiers, Manifest manifest, IReadOnlyList<string> heldBy, string name, ChunkSource source)
    {
        _tiers = tiers;
        _manifest = manifest;
        _name = name;
        _source = source;
        Summary = manifest.Head.ToSummary(heldBy);
        _chunks = new(KeptChunks, _source.ReadAsync);
        _paths = new(KeptBlocks, async (block, token) =>
            new PathIndexBlock(await ReadBlockAsync(manifest.PathIndex[block].Block, token), manifest.PathIndex[block].FirstHash, _name));
        _tree = new(KeptBlocks, async (block, token) =>
            TreeBlockReader.ReadAll(await ReadBlockAsync(manifest.Tree[block], token), _name).ToDictionary(file => file.Path));
    }

    public BackupSummary Summary { get; }

    public async IAsyncEnumerable<BackupFile> FilesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var block in _manifest.Tree)
        {
            foreach (var file in TreeBlockReader.ReadAll(await ReadBlockAsync(block, cancellationToken), _name))
            {
                yield return file;
            }
        }
    }

    public async ValueTask<BackupFile?> FindFileAsync(string path, CancellationToken cancellationToken = default)
    {
        var hash = BackupPath.Hash(path);
        for (var block = LastIndexBlock(hash); block >= 0; block--)
        {
            var firstHash = _manifest.PathIndex[block].FirstHash;
            var index = await _paths.GetAsync(block, cancellationToken);
            var trees = index.Find(hash);
            for (var number = 0; number < trees.Length; number++)
            {
                if ((await _tree.GetAsync(trees.Span[number], cancellationToken)).TryGetValue(path, out var file))
                {
                    return file;
                }
            }

            if (firstHash < hash)
            {
                break;
            }
        }

        return null;
    }

    public async ValueTask ReadAsync(ChunkSlice slice, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var target = buffer[..slice.Length];
        if (slice.Chunk == ChunkRef.Zeros)
        {
            target.Span.Clear();
            return;
        }

        var chunk = await _chunks.GetAsync(slice.Chunk, cancellationToken);
        if (slice.Offset + slice.Length > chunk.Length)
        {
            throw RepositoryErrors.Damaged(_name, $"it names bytes {slice.Offset} to {slice.Offset + slice.Length} of chunk {slice.Chunk}, which has {chunk.Length}");
        }

        chunk.AsMemory(slice.Offset, slice.Length).CopyTo(target);
    }

    public async ValueTask<int> ReadAsync(BackupFile file, long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var length = (int)Math.Max(0, Math.Min(buffer.Length, file.Length - offset));
        buffer[..length].Span.Clear();
        for (var i = FirstExtent(file.Extents.Span, offset); i < file.Extents.Length; i++)
        {
            var extent = file.Extents.Span[i];
            if (extent.FileOffset >= offset + length)
            {
                break;
            }

            var part = ExtentMap.Part(extent, Math.Max(extent.FileOffset, offset), Math.Min(extent.FileEnd, offset + length));
            await ReadAsync(part.Source, buffer[(int)(part.FileOffset - offset)..], cancellationToken);
        }

        return length;
    }

    public Task<RestoreReport> RestoreAsync(
        RestoreRequest request, IProgress<RestoreProgress>? progress = null, CancellationToken cancellationToken = default) =>
        new Restorer(_tiers, _source, this, request, progress).RunAsync(cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<byte[]> ReadBlockAsync(BlockRef block, CancellationToken cancellationToken)
    {
        if (block.Chunks.Length == 1)
        {
            return await _source.ReadAsync(block.Chunks[0], cancellationToken);
        }

        var whole = new byte[block.Length];
        for (var i = 0; i < block.Chunks.Length; i++)
        {
            var chunk = await _source.ReadAsync(block.Chunks[i], cancellationToken);
            chunk.CopyTo(whole, i * ChunkSize.Maximum);
        }

        return whole;
    }

    // The last index block whose first hash is not above the one looked for.
    private int LastIndexBlock(ulong hash)
    {
        var blocks = _manifest.PathIndex;
        int low = 0, high = blocks.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            if (blocks[middle].FirstHash <= hash)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return high;
    }

    private static int FirstExtent(ReadOnlySpan<Extent> extents, long offset)
    {
        int low = 0, high = extents.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (extents[middle].FileEnd <= offset)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}

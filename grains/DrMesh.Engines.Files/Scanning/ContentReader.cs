using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using DrMesh.Core.Backups;
using DrMesh.Engines.Files.Checksums;
using DrMesh.Engines.Files.Posix;
using Microsoft.Win32.SafeHandles;

namespace DrMesh.Engines.Files.Scanning;

/// <summary>Reads a file's data, holes skipped, block by block; stores it when there is a writer. Of one worker.</summary>
/// <param name="writer">Takes whole blocks; null: the content is only summed.</param>
/// <param name="gatherer">Takes what is smaller; null with the writer.</param>
/// <param name="parallelism">Blocks of one large file read at once.</param>
internal sealed class ContentReader(IBackupWriter? writer, PieceGatherer? gatherer, int parallelism)
{
    // Below this, a piece shares a chunk with others; above, it has its own and is found again by its content.
    private const int SmallPiece = 128 << 10;
    private const int LargeFileBlocks = 64;

    /// <summary>Reads the whole file.</summary>
    /// <param name="file">Open for reading.</param>
    /// <param name="length">Its length as its status says, bytes.</param>
    /// <param name="content">Collects where the content is stored.</param>
    /// <param name="cancellationToken">Ends reading.</param>
    /// <returns>The content's digest; null: the file is shorter than it was.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    public async Task<byte[]?> ReadAsync(SafeFileHandle file, long length, FileContent content, CancellationToken cancellationToken)
    {
        var blocks = Blocks(file, length);
        var read = new BlockResult[blocks.Count];
        var complete = true;
        if (blocks.Count < LargeFileBlocks || parallelism == 1)
        {
            for (var i = 0; i < blocks.Count && complete; i++)
            {
                (complete, read[i]) = await ReadBlockAsync(file, blocks[i], content, gatherer, cancellationToken);
            }
        }
        else
        {
            await Parallel.ForAsync(0, blocks.Count, new ParallelOptions { MaxDegreeOfParallelism = parallelism, CancellationToken = cancellationToken }, async (i, token) =>
            {
                // Neither the gatherer nor the file's content may be shared; both are used after the loop.
                (var whole, read[i]) = await ReadBlockAsync(file, blocks[i], null, null, token);
                if (!whole)
                {
                    Volatile.Write(ref complete, false);
                }
            });
        }

        if (!complete)
        {
            return null;
        }

        using var digest = new ContentDigest(length);
        for (var i = 0; i < blocks.Count; i++)
        {
            digest.Add(blocks[i].Index, read[i].Hash);
            foreach (var extent in read[i].Extents)
            {
                content.Add(extent.FileOffset, extent.Source);
            }
        }

        return digest.Finish();
    }

    private async ValueTask<(bool Complete, BlockResult Result)> ReadBlockAsync(
        SafeFileHandle file, Block block, FileContent? content, PieceGatherer? pieces, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ContentDigest.BlockSize);
        try
        {
            var filled = 0;
            while (filled < block.Length)
            {
                var count = RandomAccess.Read(file, buffer.AsSpan(filled, block.Length - filled), block.Offset + filled);
                if (count == 0)
                {
                    return (false, default);
                }

                filled += count;
            }

            var data = buffer.AsMemory(0, block.Length);
            if (data.Span.IndexOfAnyExcept((byte)0) < 0)
            {
                return (true, new BlockResult([], []));
            }

            var hash = SHA256.HashData(data.Span);
            var extents = new List<Extent>(block.Data.Count);
            foreach (var (offset, length) in block.Data)
            {
                var piece = data.Slice((int)(offset - block.Offset), length);
                if (piece.Span.IndexOfAnyExcept((byte)0) < 0)
                {
                    continue;
                }

                if (pieces is not null && content is not null && length < SmallPiece)
                {
                    await pieces.AddAsync(piece, content, offset, cancellationToken);
                }
                else if (writer is not null)
                {
                    extents.Add(new Extent(offset, new ChunkSlice(await writer.AddChunkAsync(piece, cancellationToken), 0, length)));
                }
            }

            return (true, new BlockResult(hash, extents));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // The blocks that hold data, each with the ranges of data in it; a block that is one hole is left out.
    private static List<Block> Blocks(SafeFileHandle file, long length)
    {
        var blocks = new List<Block>();
        foreach (var (begin, end) in DataRanges(file, length))
        {
            for (var at = begin; at < end;)
            {
                var index = at / ContentDigest.BlockSize;
                var blockBegin = index * ContentDigest.BlockSize;
                var blockEnd = Math.Min(blockBegin + ContentDigest.BlockSize, length);
                var stop = Math.Min(end, blockEnd);
                if (blocks.Count == 0 || blocks[^1].Index != index)
                {
                    blocks.Add(new Block(index, blockBegin, (int)(blockEnd - blockBegin), new List<(long, int)>(1)));
                }

                blocks[^1].Data.Add((at, (int)(stop - at)));
                at = stop;
            }
        }

        return blocks;
    }

    private static IEnumerable<(long Begin, long End)> DataRanges(SafeFileHandle file, long length)
    {
        for (long at = 0; at < length;)
        {
            var data = Libc.Seek(file, at, Libc.SeekData);
            if (data < 0)
            {
                // No data from here on; any other answer: the file system does not know holes.
                if (Marshal.GetLastPInvokeError() == Libc.NoDeviceOrAddress)
                {
                    yield break;
                }

                yield return (at, length);
                yield break;
            }

            var hole = Libc.Seek(file, data, Libc.SeekHole);
            var end = hole < 0 ? length : Math.Min(hole, length);
            if (data >= length)
            {
                yield break;
            }

            yield return (data, end);
            at = end;
        }
    }

    /// <summary>One aligned block of a file and the ranges of data in it.</summary>
    private readonly record struct Block(long Index, long Offset, int Length, List<(long Offset, int Length)> Data);

    /// <summary>A block's hash (empty: all zeros) and where the parts of it that have chunks of their own lie.</summary>
    private readonly record struct BlockResult(byte[] Hash, List<Extent> Extents);
}

using System.IO.Hashing;
using DrMesh.Core.Backups;

namespace DrMesh.Engines.MongoDb.Backup;

/// <summary>
/// Writes concatenated documents as one file of a backup. Chunks end where a document's own hash says so, so that documents inserted or removed between two backups change
/// the chunks around them only, and all others are found again by their content.
/// </summary>
internal sealed class DocumentChunker(IBackupWriter writer, PieceGatherer gatherer, string path)
{
    private const int SmallestChunk = ChunkSize.Usual / 4;
    private readonly FileContent _content = new();
    private byte[] _buffer = new byte[ChunkSize.Usual];
    private int _used;
    private long _length;

    /// <summary>Documents added.</summary>
    public long Count { get; private set; }

    public async ValueTask AddAsync(ReadOnlyMemory<byte> document, CancellationToken cancellationToken)
    {
        Count++;
        if (_used + document.Length > ChunkSize.Maximum)
        {
            await StoreAsync(cancellationToken);
        }

        for (var rest = document; !rest.IsEmpty;)
        {
            var part = rest[..Math.Min(rest.Length, ChunkSize.Maximum - _used)];
            Append(part.Span);
            rest = rest[part.Length..];
            if (!rest.IsEmpty)
            {
                await StoreAsync(cancellationToken);
            }
        }

        if (_used >= SmallestChunk && EndsChunk(document.Span))
        {
            await StoreAsync(cancellationToken);
        }
    }

    public async ValueTask FinishAsync(DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (_used >= SmallestChunk)
        {
            await StoreAsync(cancellationToken);
        }
        else if (_used > 0)
        {
            await gatherer.AddAsync(_buffer.AsMemory(0, _used), _content, _length, cancellationToken);
            _length += _used;
        }

        _buffer = [];
        await gatherer.FinishAsync(DumpFile.Of(path, _length, at), _content, cancellationToken);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (_used + bytes.Length > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Min(ChunkSize.Maximum, Math.Max(_used + bytes.Length, 2 * _buffer.Length)));
        }

        bytes.CopyTo(_buffer.AsSpan(_used));
        _used += bytes.Length;
    }

    // On average once in a usual chunk's bytes, whatever the documents' sizes.
    private static bool EndsChunk(ReadOnlySpan<byte> document) =>
        (XxHash3.HashToUInt64(document) >> 32) * ChunkSize.Usual < ((ulong)document.Length << 32);

    private async ValueTask StoreAsync(CancellationToken cancellationToken)
    {
        if (_used > 0)
        {
            var chunk = await writer.AddChunkAsync(_buffer.AsMemory(0, _used), cancellationToken);
            _content.Add(_length, new ChunkSlice(chunk, 0, _used));
            _length += _used;
            _used = 0;
        }
    }
}

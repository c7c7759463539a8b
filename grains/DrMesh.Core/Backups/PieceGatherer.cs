namespace DrMesh.Core.Backups;

/// <summary>
/// Gathers small pieces of many files (whole small files, tails, changed pages) into chunks of <see cref="ChunkSize.Usual"/>, and adds each file to the backup once all
/// its pieces are stored. Of one worker; not safe for several at once.
/// <code>
/// var content = new FileContent();
/// await gatherer.AddAsync(page, content, fileOffset);                 // each changed page; or content.Add(offset, …) after AddChunkAsync for whole chunks
/// await gatherer.AddNotesAsync(pageIndex, content);                    // optional
/// await gatherer.FinishAsync(file with { Extents = parent.Extents }, content);
/// …
/// await gatherer.FlushAsync();                                         // at the worker's end
/// </code>
/// </summary>
public sealed class PieceGatherer(IBackupWriter writer)
{
    private readonly Shelf _pieces = new(writer);
    private readonly Shelf _notes = new(writer);

    /// <summary>Adds a piece of a file's content.</summary>
    /// <param name="piece">Up to <see cref="ChunkSize.Usual"/> bytes; copied.</param>
    /// <param name="content">The file it belongs to.</param>
    /// <param name="fileOffset">Where it lies in the file, bytes.</param>
    /// <param name="cancellationToken">Ends waiting.</param>
    public ValueTask AddAsync(ReadOnlyMemory<byte> piece, FileContent content, long fileOffset, CancellationToken cancellationToken = default) =>
        AddAsync(_pieces, piece, content, fileOffset, cancellationToken);

    /// <summary>Adds to a file's <see cref="BackupFile.Notes"/>; any length.</summary>
    public async ValueTask AddNotesAsync(ReadOnlyMemory<byte> notes, FileContent content, CancellationToken cancellationToken = default)
    {
        while (!notes.IsEmpty)
        {
            var part = notes[..Math.Min(notes.Length, ChunkSize.Usual)];
            await AddAsync(_notes, part, content, -1, cancellationToken);
            notes = notes[part.Length..];
        }
    }

    /// <summary>
    /// Says that all of a file's pieces were handed over. Its <see cref="BackupFile.Extents"/> are what the pieces are laid over: the parent's in an incremental backup, else none.
    /// </summary>
    public async ValueTask FinishAsync(BackupFile file, FileContent content, CancellationToken cancellationToken = default)
    {
        content.Finish(file);
        if (content.Waiting == 0)
        {
            await writer.AddFileAsync(content.Apply(file), cancellationToken);
        }
    }

    /// <summary>Stores what is gathered and adds the files that waited for it.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken = default)
    {
        await _pieces.FlushAsync(cancellationToken);
        await _notes.FlushAsync(cancellationToken);
    }

    private static async ValueTask AddAsync(
        Shelf shelf, ReadOnlyMemory<byte> piece, FileContent content, long fileOffset, CancellationToken cancellationToken)
    {
        if (!shelf.Fits(piece.Length))
        {
            await shelf.FlushAsync(cancellationToken);
        }

        shelf.Add(piece.Span, content, fileOffset);
    }

    /// <summary>One chunk being gathered.</summary>
    private sealed class Shelf(IBackupWriter writer)
    {
        private readonly List<(FileContent Content, long FileOffset, int Offset, int Length)> _pieces = [];
        private byte[] _buffer = [];
        private int _used;

        public bool Fits(int length) => _used + length <= ChunkSize.Usual;

        public void Add(ReadOnlySpan<byte> piece, FileContent content, long fileOffset)
        {
            if (_buffer.Length == 0)
            {
                _buffer = GC.AllocateUninitializedArray<byte>(ChunkSize.Usual);
            }

            piece.CopyTo(_buffer.AsSpan(_used));
            _pieces.Add((content, fileOffset, _used, piece.Length));
            _used += piece.Length;
            content.Waiting++;
        }

        public async ValueTask FlushAsync(CancellationToken cancellationToken)
        {
            if (_pieces.Count == 0)
            {
                return;
            }

            var chunk = await writer.AddChunkAsync(_buffer.AsMemory(0, _used), cancellationToken);
            foreach (var (content, fileOffset, offset, length) in _pieces)
            {
                var source = new ChunkSlice(chunk, offset, length);
                if (fileOffset < 0)
                {
                    content.AddNotes(source);
                }
                else
                {
                    content.Add(fileOffset, source);
                }

                content.Waiting--;
                if (content.Ready is { } file)
                {
                    await writer.AddFileAsync(content.Apply(file), cancellationToken);
                }
            }

            _pieces.Clear();
            _used = 0;
        }
    }
}

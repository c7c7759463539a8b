namespace DrMesh.Core.Backups;

/// <summary>Collects where a file's content and notes lie while it is being backed up. Of one worker; not safe for several at once.</summary>
public sealed class FileContent
{
    private readonly List<Extent> _extents = [];
    private readonly List<ChunkSlice> _notes = [];
    private BackupFile? _finished;

    /// <summary>Pieces a <see cref="PieceGatherer"/> holds that are not stored yet.</summary>
    internal int Waiting { get; set; }

    /// <summary>The file, once it was finished and all its pieces are stored; else null.</summary>
    internal BackupFile? Ready => Waiting == 0 ? _finished : null;

    /// <summary>Adds a run of the file's content; in any order.</summary>
    public void Add(long fileOffset, ChunkSlice source) => _extents.Add(new Extent(fileOffset, source));

    /// <summary>Adds a run of the file's notes; in their order.</summary>
    public void AddNotes(ChunkSlice source) => _notes.Add(source);

    internal void Finish(BackupFile file) => _finished = file;

    /// <summary>The file with the collected extents laid over those it came with, and the collected notes, if any, in place of its own.</summary>
    internal BackupFile Apply(BackupFile file)
    {
        _extents.Sort((one, other) => one.FileOffset.CompareTo(other.FileOffset));
        return file with
        {
            Extents = ExtentMap.Overlay(file.Extents.Span, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_extents), file.Length),
            Notes = _notes.Count > 0 ? _notes.ToArray() : file.Notes,
        };
    }
}

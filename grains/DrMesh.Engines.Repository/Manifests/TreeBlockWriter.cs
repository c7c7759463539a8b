using DrMesh.Core.Backups;
using DrMesh.Engines.Repository.Format;

namespace DrMesh.Engines.Repository.Manifests;

/// <summary>
/// Encodes paths one behind the other, each number as the difference to the one before where that is small. A block begins anew, so that it can be read by itself.
/// </summary>
internal sealed class TreeBlockWriter
{
    private readonly ByteWriter _writer = new(1 << 16);
    private readonly Dictionary<string, int> _names = [];
    private readonly Dictionary<ulong, int> _writers = [];
    private string _path = "";
    private long _modified;
    private ChunkRef _chunk;
    private int _chunkEnd;

    public int Length => _writer.Length;

    public bool IsEmpty => _writer.Length == 0;

    public void Add(BackupFile file)
    {
        var shared = file.Path.AsSpan().CommonPrefixLength(_path);
        _writer.Number(shared);
        _writer.Text(file.Path.AsSpan(shared));
        _path = file.Path;
        _writer.Number((long)file.Kind);
        _writer.Number((long)file.Mode);
        _writer.Signed(file.ModifiedAt.UtcTicks - _modified);
        _modified = file.ModifiedAt.UtcTicks;
        AddName(file.Owner);
        AddName(file.Group);
        _writer.Number(file.Length);
        if (file.Kind == BackupFileKind.SymbolicLink)
        {
            _writer.Text(file.LinkTarget);
        }

        _writer.Number(file.Extents.Length);
        long end = 0;
        foreach (var extent in file.Extents.Span)
        {
            _writer.Number(extent.FileOffset - end);
            end = extent.FileEnd;
            AddSlice(extent.Source);
        }

        _writer.Number(file.Notes.Length);
        foreach (var slice in file.Notes.Span)
        {
            AddSlice(slice);
        }
    }

    /// <summary>Hands the block over and begins the next.</summary>
    public ReadOnlyMemory<byte> Detach()
    {
        _names.Clear();
        _writers.Clear();
        _path = "";
        _modified = 0;
        _chunk = default;
        _chunkEnd = 0;
        return _writer.Detach();
    }

    private void AddName(string name)
    {
        if (_names.TryGetValue(name, out var number))
        {
            _writer.Number(number + 1);
            return;
        }

        _names.Add(name, _names.Count);
        _writer.Number(0);
        _writer.Text(name);
    }

    // The usual cases are one byte each: the next entry of the same pack, or the next piece of the same chunk.
    private void AddSlice(ChunkSlice slice)
    {
        _writer.Number(slice.Length);
        if (!_writers.TryGetValue(slice.Chunk.Writer, out var writer))
        {
            writer = _writers.Count;
            _writers.Add(slice.Chunk.Writer, writer);
            _writer.Number(0);
            _writer.Fixed(slice.Chunk.Writer);
        }
        else
        {
            _writer.Number(writer + 1);
        }

        _writer.Signed((long)slice.Chunk.Pack - _chunk.Pack);
        _writer.Signed((long)slice.Chunk.Entry - _chunk.Entry);
        _writer.Signed(slice.Offset - (long)(slice.Chunk == _chunk ? _chunkEnd : 0));
        _chunk = slice.Chunk;
        _chunkEnd = slice.Offset + slice.Length;
    }
}

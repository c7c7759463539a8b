using DrMesh.Core.Backups;
using DrMesh.Engines.Repository.Format;

namespace DrMesh.Engines.Repository.Manifests;

/// <summary>Decodes a block of <see cref="TreeBlockWriter"/>, checking what a reader relies on: extents in order, inside the file, paths that stay inside the target.</summary>
internal ref struct TreeBlockReader(ReadOnlySpan<byte> block, string name)
{
    private readonly string _name = name;
    private readonly List<string> _names = [];
    private readonly List<ulong> _writers = [];
    private ByteReader _reader = new(block, name);
    private string _path = "";
    private long _modified;
    private ChunkRef _chunk;
    private int _chunkEnd;

    public static List<BackupFile> ReadAll(ReadOnlySpan<byte> block, string name)
    {
        var reader = new TreeBlockReader(block, name);
        var files = new List<BackupFile>();
        while (!reader._reader.IsAtEnd)
        {
            files.Add(reader.Read());
        }

        return files;
    }

    private BackupFile Read()
    {
        var shared = _reader.Int();
        if (shared > _path.Length)
        {
            throw RepositoryErrors.Damaged(_name, "a path in it cannot be read");
        }

        _path = string.Concat(_path.AsSpan(0, shared), _reader.Text());
        BackupPath.Check(_path);
        var kind = (BackupFileKind)_reader.Int();
        var mode = (UnixFileMode)_reader.Int();
        _modified += _reader.Signed();
        var owner = ReadName();
        var group = ReadName();
        var length = _reader.Position();
        var target = kind == BackupFileKind.SymbolicLink ? _reader.Text() : "";
        var extents = new Extent[_reader.Count()];
        long end = 0;
        for (var i = 0; i < extents.Length; i++)
        {
            var offset = end + _reader.Position();
            extents[i] = new Extent(offset, ReadSlice());
            end = extents[i].FileEnd;
        }

        if (end > length)
        {
            throw RepositoryErrors.Damaged(_name, $"{_path} has content beyond its length");
        }

        var notes = new ChunkSlice[_reader.Count()];
        for (var i = 0; i < notes.Length; i++)
        {
            notes[i] = ReadSlice();
        }

        return new BackupFile
        {
            Path = _path,
            Kind = kind,
            Mode = mode,
            ModifiedAt = new DateTimeOffset(_modified, TimeSpan.Zero),
            Owner = owner,
            Group = group,
            Length = length,
            LinkTarget = target,
            Extents = extents,
            Notes = notes,
        };
    }

    private string ReadName()
    {
        var number = _reader.Int();
        if (number == 0)
        {
            _names.Add(_reader.Text());
            return _names[^1];
        }

        return number <= _names.Count ? _names[number - 1] : throw RepositoryErrors.Damaged(_name, "a name in it cannot be read");
    }

    private ChunkSlice ReadSlice()
    {
        var length = _reader.Int();
        var number = _reader.Int();
        if (number == 0)
        {
            _writers.Add(_reader.Fixed());
            number = _writers.Count;
        }
        else if (number > _writers.Count)
        {
            throw RepositoryErrors.Damaged(_name, "a writer in it cannot be read");
        }

        var chunk = new ChunkRef(
            _writers[number - 1], (uint)(_chunk.Pack + _reader.Signed()), (uint)(_chunk.Entry + _reader.Signed()));
        var offset = (chunk == _chunk ? _chunkEnd : 0) + _reader.Signed();
        if (length <= 0 || offset < 0 || offset + length > ChunkSize.Maximum)
        {
            throw RepositoryErrors.Damaged(_name, "a piece of a chunk in it cannot be");
        }

        _chunk = chunk;
        _chunkEnd = (int)offset + length;
        return new ChunkSlice(chunk, (int)offset, length);
    }
}

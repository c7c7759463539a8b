using System.Buffers;
using DrMesh.Core.Backups.MongoDb;

namespace DrMesh.Engines.MongoDb.Oplog;

/// <summary>Gathers operations into the slice after a position.</summary>
internal sealed class SliceBuilder(OpTime from)
{
    private readonly OpTime _from = from;
    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>Bytes so far.</summary>
    public long Length => _bytes.WrittenCount;

    /// <summary>Operations so far.</summary>
    public long Operations { get; private set; }

    /// <summary>The last operation, or where the slice begins.</summary>
    public OpTime Position { get; private set; } = from;

    public void Add(OplogEntry entry)
    {
        _bytes.Write(entry.Bytes);
        Position = entry.Position;
        Operations++;
    }

    public PendingSlice Close() => new(new OplogSliceName(_from, Position), Operations, _bytes.WrittenSpan.ToArray(), _bytes.WrittenCount);
}

using System.Collections.Concurrent;
using DrMesh.Contracts.Databases;
using DrMesh.Core.Backups.PostgreSql;

namespace DrMesh.Engines.PostgreSql.Wal;

/// <summary>
/// One segment being received. One writer appends; any number of readers take what is there. Its memory goes back to a pool when the last holder lets go.
/// </summary>
internal sealed class WalBuffer
{
    private static readonly ConcurrentBag<byte[]> Pool = [];
    private readonly byte[] _bytes;
    private int _length;
    private int _holders = 1;

    public WalBuffer(WalFileName.Segment segment, long sequence)
    {
        Segment = segment;
        Sequence = sequence;
        _bytes = Pool.TryTake(out var pooled) && pooled.Length == segment.Size.Bytes ? pooled : GC.AllocateUninitializedArray<byte>(segment.Size.Bytes);
    }

    /// <summary>The segment.</summary>
    public WalFileName.Segment Segment { get; }

    /// <summary>Counts the buffers of one archiver.</summary>
    public long Sequence { get; }

    /// <summary>Bytes received from the segment's beginning on.</summary>
    public int Length => Volatile.Read(ref _length);

    /// <summary>Whether the segment is whole.</summary>
    public bool IsComplete => Length == Segment.Size.Bytes;

    /// <summary>The position after the last byte received.</summary>
    public Lsn End => Segment.Start + Length;

    /// <summary>The first <paramref name="length"/> bytes; valid while held.</summary>
    public ReadOnlyMemory<byte> Content(int length) => _bytes.AsMemory(0, length);

    /// <summary>Where the next bytes go.</summary>
    public Memory<byte> Free => _bytes.AsMemory(_length);

    /// <summary>Says that so many bytes were put into <see cref="Free"/>.</summary>
    public void Advance(int count) => Volatile.Write(ref _length, _length + count);

    /// <summary>Keeps the memory until <see cref="Release"/>; false: it is gone already.</summary>
    public bool TryHold()
    {
        while (true)
        {
            var holders = Volatile.Read(ref _holders);
            if (holders == 0)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _holders, holders + 1, holders) == holders)
            {
                return true;
            }
        }
    }

    /// <summary>Lets go.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            Pool.Add(_bytes);
        }
    }
}

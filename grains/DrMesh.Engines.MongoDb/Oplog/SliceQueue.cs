using System.Threading.Channels;
using DrMesh.Core.Backups.MongoDb;

namespace DrMesh.Engines.MongoDb.Oplog;

/// <summary>
/// Slices between the oplog and the store, in order: in memory as long as they are few, then on disk; full, it takes no more, and whoever reads the oplog waits.
/// Nothing is dropped.
/// </summary>
internal sealed class SliceQueue(SliceSpool spool, long memoryBytes, long spoolBytes)
{
    private readonly LinkedList<PendingSlice> _slices = [];
    private readonly Channel<bool> _turns = Channel.CreateUnbounded<bool>();
    private readonly Lock _lock = new();
    private long _inMemory;
    private long _onDisk;

    /// <summary>Bytes in memory and on disk.</summary>
    public long WaitingBytes
    {
        get
        {
            lock (_lock)
            {
                return _inMemory + _onDisk;
            }
        }
    }

    /// <summary>Whether there is room for so many bytes; the caller asks again later. A slice larger than the whole spool has room once nothing else waits.</summary>
    public bool HasRoom(long length)
    {
        lock (_lock)
        {
            return _slices.Count == 0 || (_onDisk == 0 && _inMemory + length <= memoryBytes) || _onDisk + _inMemory + length <= spoolBytes;
        }
    }

    /// <summary>Takes what an earlier process left on disk, but for what the store has by now: another process went on meanwhile. Returns where it ends; null: there was nothing.</summary>
    /// <param name="isStored">Whether the store has all of a slice.</param>
    public OpTime? Recover(Func<OplogSliceName, bool> isStored)
    {
        OpTime? last = null;
        foreach (var slice in spool.Waiting().ToList())
        {
            if (isStored(slice.Name))
            {
                spool.Remove(slice.Name);
                continue;
            }

            _slices.AddLast(slice);
            _onDisk += slice.Length;
            last = slice.Name.To;
            _turns.Writer.TryWrite(true);
        }

        return last;
    }

    /// <summary>Adds the newest slice.</summary>
    /// <exception cref="IOException">The spool's disk does not take it; it was not added, and may be again.</exception>
    public void Add(PendingSlice slice)
    {
        lock (_lock)
        {
            // What waits is either all in memory or all on disk, oldest first: a killed process then never leaves a gap before what is on disk.
            if (_onDisk > 0 || _inMemory + slice.Length > memoryBytes)
            {
                SpillAll();
                spool.Write(slice);
                slice = slice with { Content = null };
                _onDisk += slice.Length;
            }
            else
            {
                _inMemory += slice.Length;
            }

            _slices.AddLast(slice);
        }

        _turns.Writer.TryWrite(true);
    }

    /// <summary>Waits for the oldest slice; it stays in the queue until <see cref="RemoveFirst"/>.</summary>
    public async Task<(PendingSlice Slice, byte[] Content)> NextAsync(CancellationToken cancellationToken)
    {
        await _turns.Reader.ReadAsync(cancellationToken);
        PendingSlice slice;
        lock (_lock)
        {
            slice = _slices.First!.Value;
        }

        return (slice, slice.Content ?? spool.Read(slice.Name));
    }

    /// <summary>Gives the oldest slice back, to be tried again.</summary>
    public void Retry() => _ = _turns.Writer.TryWrite(true);

    /// <summary>Removes the oldest slice: it is in the store.</summary>
    public void RemoveFirst()
    {
        lock (_lock)
        {
            var slice = _slices.First!.Value;
            _slices.RemoveFirst();
            if (slice.Content is null)
            {
                _onDisk -= slice.Length;
                spool.Remove(slice.Name);
            }
            else
            {
                _inMemory -= slice.Length;
            }
        }
    }

    /// <summary>Puts what is in memory on disk.</summary>
    public void SpillAll()
    {
        lock (_lock)
        {
            for (var node = _slices.First; node is not null; node = node.Next)
            {
                if (node.Value.Content is not null)
                {
                    spool.Write(node.Value);
                    _inMemory -= node.Value.Length;
                    _onDisk += node.Value.Length;
                    node.Value = node.Value with { Content = null };
                }
            }
        }
    }
}

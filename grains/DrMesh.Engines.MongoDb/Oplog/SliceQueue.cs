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

    /// <summary>Whether there is room; the caller asks again later.</summary>
    public bool HasRoom
    {
        get
        {
            lock (_lock)
            {
                return _onDisk < spoolBytes;
            }
        }
    }

    /// <summary>Takes what an earlier process left on disk.</summary>
    public OpTime? Recover()
    {
        OpTime? last = null;
        foreach (var slice in spool.Waiting())
        {
            _slices.AddLast(slice);
            _onDisk += slice.Length;
            last = slice.Name.To;
            _turns.Writer.TryWrite(true);
        }

        return last;
    }

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

using DrMesh.Core.Backups.PostgreSql;

namespace DrMesh.Engines.PostgreSql.Wal;

/// <summary>
/// The segments received and not yet in all required tiers, oldest first; the last one is being filled. When it is full the receiver waits, and the server keeps the WAL for
/// the slot: that is the back-pressure.
/// </summary>
internal sealed class WalShelf(int capacity, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly List<WalBuffer> _buffers = [];
    private TaskCompletionSource _changed = NewSignal();
    private long _sequence;
    private long? _awaitedSince;

    /// <summary>Completes at the next change: more bytes, another segment, one taken away.</summary>
    public Task Changed
    {
        get
        {
            lock (_gate)
            {
                return _changed.Task;
            }
        }
    }

    /// <summary>Whether the receiver waits for room.</summary>
    public bool IsFull
    {
        get
        {
            lock (_gate)
            {
                return _buffers.Count >= capacity;
            }
        }
    }

    /// <summary>For how long the receiver has waited for room; zero: it does not.</summary>
    public TimeSpan AwaitedFor()
    {
        lock (_gate)
        {
            return _awaitedSince is { } since ? time.GetElapsedTime(since) : TimeSpan.Zero;
        }
    }

    /// <summary>Begins a segment; waits for room.</summary>
    public async Task<WalBuffer> OpenAsync(WalFileName.Segment segment, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_buffers.Count < capacity)
                {
                    var buffer = new WalBuffer(segment, _sequence++);
                    _buffers.Add(buffer);
                    _awaitedSince = null;
                    SignalLocked();
                    return buffer;
                }

                _awaitedSince ??= time.GetTimestamp();
                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>The oldest buffer with a sequence of at least <paramref name="sequence"/>, held for the caller; null: there is none yet.</summary>
    public WalBuffer? Take(long sequence)
    {
        lock (_gate)
        {
            var buffer = _buffers.Find(candidate => candidate.Sequence >= sequence);
            return buffer is not null && buffer.TryHold() ? buffer : null;
        }
    }

    /// <summary>Whether the buffer will grow no more, though it is not whole: a later one was begun.</summary>
    public bool IsAbandoned(WalBuffer buffer)
    {
        lock (_gate)
        {
            return !buffer.IsComplete && _buffers.Count > 0 && _buffers[^1].Sequence > buffer.Sequence;
        }
    }

    /// <summary>Removes what every required tier is past.</summary>
    public void RemoveBefore(long sequence)
    {
        lock (_gate)
        {
            var count = _buffers.FindIndex(buffer => buffer.Sequence >= sequence);
            count = count < 0 ? _buffers.Count : count;
            if (count == 0)
            {
                return;
            }

            for (var index = 0; index < count; index++)
            {
                _buffers[index].Release();
            }

            _buffers.RemoveRange(0, count);
            SignalLocked();
        }
    }

    /// <summary>Wakes those who wait: a buffer grew.</summary>
    public void Signal()
    {
        lock (_gate)
        {
            SignalLocked();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void SignalLocked()
    {
        _changed.SetResult();
        _changed = NewSignal();
    }
}

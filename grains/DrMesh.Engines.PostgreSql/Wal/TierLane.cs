using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups.Logs;
using DrMesh.Core.Backups.PostgreSql;

namespace DrMesh.Engines.PostgreSql.Wal;

/// <summary>
/// Brings the shelf's segments into one tier, in order, two at a time when there is much, and the one being filled every <paramref name="interval"/>. A tier that fails is tried again for ever;
/// the others do not wait for it.
/// </summary>
internal sealed class TierLane(
    ILogArchive archive, IReadOnlyList<ILogArchive> others, bool isRequired, WalShelf shelf, TimeSpan interval, TimeProvider time)
{
    private const int Together = 2;
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);
    private readonly Lock _gate = new();
    private readonly ConcurrentQueue<(LogName Name, ReadOnlyMemory<byte> Content)> _notes = new();
    private WalTierStatus _status = new(archive.Tier, Lsn.None, DateTimeOffset.MinValue, null);
    private (TimelineId Timeline, Lsn Position)? _archived;
    private long _next;

    /// <summary>Whether the slot waits for this tier.</summary>
    public bool IsRequired => isRequired;

    /// <summary>The sequence of the first buffer it still needs.</summary>
    public long Next => Interlocked.Read(ref _next);

    /// <summary>Where the tier stands.</summary>
    public WalTierStatus Status
    {
        get
        {
            lock (_gate)
            {
                return _status;
            }
        }
    }

    /// <summary>Makes sure the archive is of this cluster: the first archiver leaves its server's identifier there.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.RepositoryLogConflict"/>: it is another's.</exception>
    public async Task ClaimAsync(ulong systemId, CancellationToken cancellationToken)
    {
        var mark = new LogName(WalLogNames.SystemGroup, WalLogNames.SystemMark);
        var own = Encoding.ASCII.GetBytes(systemId.ToString(CultureInfo.InvariantCulture));
        if (await archive.ReadAsync(mark, cancellationToken) is { } there && !there.Content.Span.SequenceEqual(own))
        {
            throw new DrMeshException(
                DrMeshError.RepositoryLogConflict,
                $"the WAL archive of {archive.Source} in tier {archive.Tier} is of system {Encoding.ASCII.GetString(there.Content.Span)}, the server is {systemId}",
                "another cluster archives under this name; give each a name of its own");
        }

        await archive.WriteAsync(mark, own, cancellationToken);
    }

    /// <summary>Finds the tier's last position: of the newest timeline it has. Null: it has nothing.</summary>
    public async Task<(TimelineId Timeline, Lsn Position)?> LoadAsync(IEnumerable<TimelineId> newestFirst, WalSegmentSize size, CancellationToken cancellationToken)
    {
        foreach (var timeline in newestFirst)
        {
            if (await archive.LastAsync(WalLogNames.GroupOf(timeline), cancellationToken) is { } last
                && WalFileName.TryParse(last.Name.Name, size) is WalFileName.Segment segment)
            {
                _archived = (timeline, last.IsComplete ? segment.End : segment.Start + last.PlainLength);
                Advance(_archived.Value.Position, time.GetUtcNow());
                return _archived;
            }
        }

        return null;
    }

    /// <summary>Called when a buffer is done with.</summary>
    public Action Finished { get; init; } = () => { };

    /// <summary>Has a timeline's history file written before any segment that comes later.</summary>
    public void AddHistory(TimelineId timeline, ReadOnlyMemory<byte> content) => AddNote(WalLogNames.Of(new WalFileName.History(timeline))!.Value, content);

    /// <summary>Has a small object written before any segment that comes later.</summary>
    public void AddNote(LogName name, ReadOnlyMemory<byte> content)
    {
        _notes.Enqueue((name, content));
        shelf.Signal();
    }

    /// <summary>Works until cancelled.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.RepositoryLogConflict"/>: another server archives there.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var writing = new Queue<(WalBuffer Buffer, Task Done)>();
        var scheduled = Next;
        var lastPartial = time.GetTimestamp();
        while (true)
        {
            var changed = shelf.Changed;
            while (_notes.TryDequeue(out var note))
            {
                await PersistAsync(() => archive.WriteAsync(note.Name, note.Content, cancellationToken), cancellationToken);
            }

            var buffer = writing.Count < Together ? shelf.Take(scheduled) : null;
            if (buffer is not null && writing.Count == 0)
            {
                await HealAsync(buffer, cancellationToken);
            }

            if (buffer is not null && (buffer.IsComplete || shelf.IsAbandoned(buffer)))
            {
                scheduled = buffer.Sequence + 1;
                writing.Enqueue((buffer, buffer.IsComplete ? Task.Run(() => WriteAsync(buffer, cancellationToken), cancellationToken) : Task.CompletedTask));
                continue;
            }

            if (writing.TryPeek(out var head))
            {
                buffer?.Release();
                await Task.WhenAny(head.Done, changed);
                if (head.Done.IsCompleted)
                {
                    await head.Done;
                    writing.Dequeue();
                    await FinishAsync(head.Buffer, cancellationToken);
                }

                continue;
            }

            if (buffer is not null && time.GetElapsedTime(lastPartial) >= interval && IsNews(buffer))
            {
                lastPartial = time.GetTimestamp();
                await WritePartialAsync(buffer, cancellationToken);
            }

            var wait = buffer is not null && IsNews(buffer) ? interval - time.GetElapsedTime(lastPartial) : Timeout.InfiniteTimeSpan;
            buffer?.Release();
            if (wait == Timeout.InfiniteTimeSpan)
            {
                await changed.WaitAsync(cancellationToken);
            }
            else if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, time, cancellationToken);
            }
        }
    }

    private bool IsNews(WalBuffer buffer) => buffer.Length > 0 && !IsArchived(buffer.Segment.Timeline, buffer.End);

    private bool IsArchived(TimelineId timeline, Lsn position) => _archived is { } archived && archived.Timeline == timeline && archived.Position >= position;

    private async Task WriteAsync(WalBuffer buffer, CancellationToken cancellationToken)
    {
        if (!IsArchived(buffer.Segment.Timeline, buffer.Segment.End))
        {
            await PersistAsync(
                () => archive.WriteAsync(WalLogNames.Of(buffer.Segment)!.Value, buffer.Content(buffer.Segment.Size.Bytes), cancellationToken), cancellationToken);
        }
    }

    private async Task FinishAsync(WalBuffer buffer, CancellationToken cancellationToken)
    {
        if (buffer.IsComplete)
        {
            _archived = (buffer.Segment.Timeline, buffer.Segment.End);
            Advance(buffer.Segment.End, time.GetUtcNow());
        }
        else if (IsNews(buffer))
        {
            // The last segment of a timeline that ended in it.
            await WritePartialAsync(buffer, cancellationToken);
        }

        Interlocked.Exchange(ref _next, buffer.Sequence + 1);
        buffer.Release();
        Finished();
    }

    /// <summary>Segments the shelf gave up while this tier was away are taken from another tier.</summary>
    private async Task HealAsync(WalBuffer buffer, CancellationToken cancellationToken)
    {
        if (_archived is not var (timeline, position) || timeline != buffer.Segment.Timeline)
        {
            return;
        }

        for (var missing = WalFileName.Segment.Of(timeline, position, buffer.Segment.Size); missing.Number < buffer.Segment.Number; missing = missing.Next)
        {
            var name = WalLogNames.Of(missing)!.Value;
            if (await ReadElsewhereAsync(name, cancellationToken) is not { } content)
            {
                Fail($"segment {missing} is missing here and in every other tier");
                return;
            }

            await PersistAsync(() => archive.WriteAsync(name, content, cancellationToken), cancellationToken);
            _archived = (timeline, missing.End);
            Advance(missing.End, Status.AsOf);
        }
    }

    private async Task<ReadOnlyMemory<byte>?> ReadElsewhereAsync(LogName name, CancellationToken cancellationToken)
    {
        foreach (var other in others)
        {
            try
            {
                if (await other.ReadAsync(name, cancellationToken) is { IsComplete: true } content)
                {
                    return content.Content;
                }
            }
            catch (DrMeshException)
            {
                // That tier is away, too; the next may have it.
            }
        }

        return null;
    }

    private async Task WritePartialAsync(WalBuffer buffer, CancellationToken cancellationToken)
    {
        var asOf = time.GetUtcNow();
        var length = buffer.Length;
        await PersistAsync(() => archive.WritePartialAsync(WalLogNames.Of(buffer.Segment)!.Value, buffer.Content(length), cancellationToken), cancellationToken);
        _archived = (buffer.Segment.Timeline, buffer.Segment.Start + length);
        Advance(buffer.Segment.Start + length, asOf);
    }

    private async Task PersistAsync(Func<Task> write, CancellationToken cancellationToken)
    {
        var wait = FirstWait;
        while (true)
        {
            try
            {
                await write();
                Fail(null);
                return;
            }
            catch (DrMeshException failure) when (failure.Code != DrMeshError.RepositoryLogConflict)
            {
                Fail(failure.Message);
                await Task.Delay(wait, time, cancellationToken);
                wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
            }
        }
    }

    private void Advance(Lsn position, DateTimeOffset asOf)
    {
        lock (_gate)
        {
            _status = _status with { Position = position, AsOf = asOf };
        }
    }

    private void Fail(string? reason)
    {
        lock (_gate)
        {
            _status = _status with { Failure = reason };
        }
    }
}

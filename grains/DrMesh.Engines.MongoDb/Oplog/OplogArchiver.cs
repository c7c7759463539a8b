using System.Runtime.CompilerServices;
using System.Threading.Channels;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups.Logs;
using DrMesh.Core.Backups.MongoDb;
using DrMesh.Engines.MongoDb.ReplicaSet;
using Microsoft.Extensions.Logging;

namespace DrMesh.Engines.MongoDb.Oplog;

/// <summary>Follows a set's oplog on whichever member is fit, cuts it into slices, and brings them to the store in order.</summary>
internal sealed class OplogArchiver(ILogArchive archive, OplogArchiveRequest request, TimeProvider time, ILogger logger)
{
    private const int FullBatch = 500;
    private readonly SliceQueue _queue = new(new SliceSpool(request.SpoolDirectory), request.MemoryBytes, request.SpoolBytes);
    private readonly Channel<OplogArchiveEvent> _events = Channel.CreateUnbounded<OplogArchiveEvent>();
    private OpTime? _position;

    public async IAsyncEnumerable<OplogArchiveEvent> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var work = Task.Run(() => WorkAsync(stop.Token), CancellationToken.None);
        try
        {
            await foreach (var happened in _events.Reader.ReadAllAsync(CancellationToken.None))
            {
                yield return happened;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await work;
        }
    }

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var upload = UploadAsync(either.Token);
        var follow = FollowAsync(either.Token);
        // Neither ends but by a fault or by being cancelled; the one that does takes the other with it.
        var first = await Task.WhenAny(upload, follow);
        await either.CancelAsync();
        await Task.WhenAll(upload, follow).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        var fault = cancellationToken.IsCancellationRequested ? null : first.Exception?.InnerException;
        try
        {
            _queue.SpillAll();
        }
        catch (IOException full)
        {
            // What is in memory comes after what is on disk: it is read from the set's own oplog again.
            logger.ArchiveTrouble(archive.Source, nameof(SliceSpool), _queue.WaitingBytes, full.Message);
        }
        finally
        {
            _events.Writer.TryComplete(fault);
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        _position = request.StartAt ?? await RecoverAsync(cancellationToken) ?? await LastArchivedAsync(cancellationToken) ?? request.BeginAt;
        while (true)
        {
            using var clients = new MemberClients(request.Address);
            try
            {
                await FollowOneAsync(clients, cancellationToken);
            }
            catch (Exception exception) when (exception is DrMeshException || MongoErrors.From(exception, string.Join(',', clients.Seeds)) is not null)
            {
                var failure = exception as DrMeshException ?? MongoErrors.From(exception, string.Join(',', clients.Seeds))!;
                Tell(new OplogArchiveEvent { Kind = OplogArchiveEventKind.SourceLost, Failure = failure, WaitingBytes = _queue.WaitingBytes });
                await Task.Delay(request.RetryDelay, time, cancellationToken);
            }
        }
    }

    // Follows one member until it fails; the position moves with each closed slice. What was not closed is read again from the next member.
    private async Task FollowOneAsync(MemberClients clients, CancellationToken cancellationToken)
    {
        var set = await new SetObserver(clients).ObserveAsync(cancellationToken);
        var choice = MongoSourceChoice.Choose(set.Members, request.Source);
        var ordered = Candidates(set, choice);
        foreach (var host in ordered)
        {
            var member = clients.Member(host);
            var from = _position ??= await SetObserver.CommittedAsync(member, cancellationToken);
            try
            {
                await SliceAsync(new OplogReader(member), from, cancellationToken);
            }
            catch (OplogPositionLostException) when (_position == from && host != ordered[^1])
            {
                // Another member's oplog may reach back further.
            }
            catch (OplogPositionLostException) when (_position != from)
            {
                // It fell out of the oplog while it was followed: from where it is by now, every member is asked before that is a hole.
                return;
            }
            catch (OplogPositionLostException exception)
            {
                var start = request.BeginAt is { } asked && asked > exception.Position ? asked : await SetObserver.CommittedAsync(member, cancellationToken);
                BeginAnew(exception, start);
            }
        }
    }

    private void BeginAnew(OplogPositionLostException exception, OpTime start)
    {
        Tell(new OplogArchiveEvent
        {
            Kind = OplogArchiveEventKind.Hole,
            Slice = new OplogSliceName(exception.Position, start),
            WaitingBytes = _queue.WaitingBytes,
            Failure = new DrMeshException(
                DrMeshError.MongoOplogMissing, $"{exception.Message}; the archive goes on from {start}",
                "make a new backup now: no restore can go from before to after this; a larger oplog helps"),
        });
        _position = start;
    }

    private static string[] Candidates(MongoSet set, MongoSourceChoice choice)
    {
        var first = choice.Member ?? throw MongoErrors.NoSource(choice);
        return [first.Host, .. set.Members
            .Where(member => member != first && member is { IsReachable: true, State: MongoMemberState.Secondary or MongoMemberState.Primary })
            .Select(member => member.Host)];
    }

    private async Task SliceAsync(OplogReader reader, OpTime from, CancellationToken cancellationToken)
    {
        var builder = new SliceBuilder(from);
        long opened = 0;
        await foreach (var batch in reader.FollowAsync(from, withFirst: false, cancellationToken))
        {
            foreach (var entry in batch)
            {
                opened = builder.Operations == 0 ? time.GetTimestamp() : opened;
                builder.Add(entry);
                if (builder.Length >= request.SliceBytes)
                {
                    builder = await CloseAsync(builder, cancellationToken);
                }
            }

            if (builder.Operations > 0 && time.GetElapsedTime(opened) >= request.SliceAge)
            {
                builder = await CloseAsync(builder, cancellationToken);
            }

            if (batch.Count is > 0 and < FullBatch)
            {
                // A member answers with the first operation there is: asked at once again, it would be asked once for each.
                await Task.Delay(request.SliceAge / 20, time, cancellationToken);
            }
        }
    }

    private async Task<SliceBuilder> CloseAsync(SliceBuilder builder, CancellationToken cancellationToken)
    {
        var slice = builder.Close();
        while (!_queue.HasRoom(slice.Length) || !TryAdd(slice))
        {
            await Task.Delay(request.RetryDelay, time, cancellationToken);
        }

        _position = builder.Position;
        return new SliceBuilder(builder.Position);
    }

    // A disk that is full is as a spool that is.
    private bool TryAdd(PendingSlice slice)
    {
        try
        {
            _queue.Add(slice);
            return true;
        }
        catch (IOException full)
        {
            Tell(new OplogArchiveEvent
            {
                Kind = OplogArchiveEventKind.StoreFailed,
                Slice = slice.Name,
                WaitingBytes = _queue.WaitingBytes,
                Failure = new DrMeshException(
                    DrMeshError.RepositoryUnreachable, $"the spool {request.SpoolDirectory} takes no more: {full.Message}", "make room on its disk, or bring the repository back; the set's own oplog is the buffer meanwhile", full),
            });
            return false;
        }
    }

    private async Task UploadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var (slice, content) = await _queue.NextAsync(cancellationToken);
            try
            {
                await archive.WriteAsync(slice.Name.ToLogName(), content, cancellationToken);
            }
            catch (DrMeshException exception)
            {
                _queue.Retry();
                Tell(new OplogArchiveEvent { Kind = OplogArchiveEventKind.StoreFailed, Slice = slice.Name, Failure = exception, WaitingBytes = _queue.WaitingBytes });
                await Task.Delay(request.RetryDelay, time, cancellationToken);
                continue;
            }

            _queue.RemoveFirst();
            Tell(new OplogArchiveEvent
            {
                Kind = OplogArchiveEventKind.Stored,
                Slice = slice.Name,
                Operations = slice.Operations,
                WaitingBytes = _queue.WaitingBytes,
            });
        }
    }

    // Where the spool ends, unless another process archived beyond it meanwhile. While the store is away that cannot be known, and waiting for it would be time the oplog may not have.
    private async Task<OpTime?> RecoverAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<OplogSliceName> stored = [];
        try
        {
            stored = [.. (await archive.OplogSlicesAsync(cancellationToken)).Select(slice => slice.Name)];
        }
        catch (DrMeshException exception)
        {
            Tell(new OplogArchiveEvent { Kind = OplogArchiveEventKind.StoreFailed, Failure = exception });
        }

        var end = _queue.Recover(slice => OplogChain.Path(stored, slice.From, slice.To) is not null);
        var ranges = OplogChain.Ranges(stored);
        return end is { } spooled && ranges.Count > 0 && ranges[^1].To > spooled ? ranges[^1].To : end;
    }

    private async Task<OpTime?> LastArchivedAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await archive.LastAsync(OplogSliceName.Group, cancellationToken) is { } last && OplogSliceName.TryParse(last.Name, out var name) ? name.To : null;
            }
            catch (DrMeshException exception)
            {
                // Where it ended is known by the store only: starting elsewhere would make a hole.
                Tell(new OplogArchiveEvent { Kind = OplogArchiveEventKind.StoreFailed, Failure = exception });
                await Task.Delay(request.RetryDelay, time, cancellationToken);
            }
        }
    }

    private void Tell(OplogArchiveEvent happened)
    {
        if (happened.Failure is { } failure)
        {
            logger.ArchiveTrouble(archive.Source, happened.Kind.ToString(), happened.WaitingBytes, failure.Message);
        }

        _events.Writer.TryWrite(happened);
    }
}

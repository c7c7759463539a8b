using System.Text;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.Logs;
using DrMesh.Core.Backups.PostgreSql;
using DrMesh.Engines.PostgreSql.Hosting;
using DrMesh.Engines.PostgreSql.Replication;
using Npgsql;
using Npgsql.Replication;
using NpgsqlTypes;

namespace DrMesh.Engines.PostgreSql.Wal;

/// <summary>Streams a cluster's WAL through a physical replication slot into every tier of a repository.</summary>
public sealed class WalArchiver : IWalArchiver
{
    private const string SegmentRemoved = "58P01";
    private static readonly TimeSpan StatusInterval = TimeSpan.FromSeconds(1);
    /// <summary>What its stream is called in <c>pg_stat_replication</c>.</summary>
    internal const string ApplicationName = "drmesh wal";

    private static readonly TimeSpan LeavePatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FullLimit = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan StallLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);
    private readonly string _connectionString;
    private readonly string _controlConnectionString;
    private readonly WalArchiveOptions _options;
    private readonly TimeProvider _time;
    private readonly WalShelf _shelf;
    private readonly TierLane[] _lanes;
    private readonly WalArchiveBoard _board;
    private readonly IBackupRepository _repository;
    private readonly List<ILogArchive> _archives;
    private (TimelineId Timeline, Lsn Position)? _received;
    private ulong? _systemId;
    private bool _isLoaded;

    /// <summary>Creates the archiver; nothing happens before <see cref="RunAsync"/>.</summary>
    /// <param name="connectionString">Leads to the primary (or a standby) as a user with REPLICATION.</param>
    /// <param name="options">What and how.</param>
    /// <param name="repository">Where to; every tier of it.</param>
    /// <param name="time">For waits and the status.</param>
    /// <param name="controlConnectionString">Leads to the same server as a user who may create the slot and set its limit; null: that one may.</param>
    public WalArchiver(string connectionString, WalArchiveOptions options, IBackupRepository repository, TimeProvider time, string? controlConnectionString = null)
    {
        if (repository.Tiers.All(options.OptionalTiers.Contains))
        {
            throw new DrMeshException(
                DrMeshError.ConfigurationInvalid, $"every tier of the WAL archive of {options.Cluster} is optional", "let the slot wait for one tier at least");
        }

        _connectionString = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, ApplicationName = ApplicationName }.ConnectionString;
        _controlConnectionString = new NpgsqlConnectionStringBuilder(controlConnectionString ?? connectionString) { Pooling = false, ApplicationName = ApplicationName }.ConnectionString;
        _options = options;
        _time = time;
        _shelf = new WalShelf(options.BufferedSegments, time);
        _repository = repository;
        _archives = [.. repository.Tiers.Select(tier => repository.OpenLog(options.Cluster, tier))];
        _lanes =
        [
            .. _archives.Select(archive => new TierLane(
                archive,
                [.. _archives.Where(other => other != archive)],
                !options.OptionalTiers.Contains(archive.Tier),
                _shelf,
                options.PartialInterval,
                time) { Finished = Free }),
        ];
        _board = new WalArchiveBoard(() => [.. _lanes.Select(lane => lane.Status)]);
    }

    /// <inheritdoc/>
    public WalArchiveStatus Status => _board.Status;

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var lanes = new List<Task>();
        var receiving = ReceiveAsync(() => lanes.AddRange(_lanes.Select(lane => lane.RunAsync(stop.Token))), stop.Token);
        try
        {
            while (!receiving.IsCompleted && lanes.Count == 0)
            {
                await Task.WhenAny(receiving, _board.Changed);
            }

            // A lane ends only by a conflict, the receiver only by a server that is another cluster's: either ends all.
            await await Task.WhenAny([receiving, .. lanes]);
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll([receiving, .. lanes]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ReceiveAsync(Action startLanes, CancellationToken cancellationToken)
    {
        var wait = FirstWait;
        while (true)
        {
            var before = _board.Status.Received;
            try
            {
                await StreamOnceAsync(startLanes, cancellationToken);
            }
            catch (Exception failure) when (failure is not DrMeshException { Code: not DrMeshError.RepositoryUnreachable } && !cancellationToken.IsCancellationRequested)
            {
                // Whatever became of one stream (a connection's driver has many words for its end), the next is tried: only a wrong server or archive ends the archiver.
                _board.Stopped(failure.Message);
            }

            wait = _board.Status.Received > before ? FirstWait : wait * 2 < LongestWait ? wait * 2 : LongestWait;
            await Task.Delay(wait, _time, cancellationToken);
        }
    }

    private async Task StreamOnceAsync(Action startLanes, CancellationToken cancellationToken)
    {
        await using var query = new NpgsqlConnection(_controlConnectionString);
        await query.OpenAsync(cancellationToken);
        var server = await ServerFacts.ReadAsync(query, cancellationToken);
        if (_systemId is { } known && known != server.SystemId)
        {
            throw new DrMeshException(
                DrMeshError.PostgresUnfit,
                $"the server's system identifier is {server.SystemId}, the archive of {_options.Cluster} was begun from {known}",
                "the connection leads to another cluster; archive it under a name of its own");
        }

        _systemId = server.SystemId;
        var (oldest, loss) = await ReplicationSlot.EnsureAsync(query, _options, cancellationToken);
        var connection = new PhysicalReplicationConnection(_connectionString) { WalReceiverStatusInterval = StatusInterval };
        await using var leaving = new Leaving(connection, LeavePatience, _time);
        await connection.Open(cancellationToken);
        var history = await LoadHistoryAsync(connection, cancellationToken);
        if (!_isLoaded)
        {
            foreach (var lane in _lanes)
            {
                await lane.ClaimAsync(server.SystemId, cancellationToken);
            }

            // The gaps first: nobody is shown how far the tiers are without what they lack.
            _board.Open(await WalGapLog.OpenAsync(await WalGapLog.ReadAsync(_archives, cancellationToken), _options.Cluster, _repository, cancellationToken));
            _received = await LoadPositionsAsync(history, server.WalSegmentSize, cancellationToken);
            _isLoaded = true;
            startLanes();
            _board.Begun();
        }

        var resume = WalResume.Decide(_received, history, oldest, server.WalSegmentSize);
        if (resume.Fork is { } fork)
        {
            _board.Forked(fork);
        }

        try
        {
            await StreamAsync(connection, query, resume, server.WalSegmentSize, cancellationToken);
        }
        catch (PostgresException removed) when (removed.SqlState == SegmentRemoved)
        {
            // The archive can never have what lies before the slot; it goes on from there.
            var from = _received?.Position ?? resume.Start;
            var again = server.WalSegmentSize.StartOf(oldest);
            Lose(new WalGap(resume.Timeline, from, again, loss ?? removed.MessageText));
            _received = (history.Timeline, again);
        }
    }

    private async Task StreamAsync(
        PhysicalReplicationConnection connection, NpgsqlConnection query, WalResume resume, WalSegmentSize size, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] tasks = [ReadAsync(connection, resume, size, ended.Token), ConfirmAsync(connection, ended.Token), WatchSlotAsync(query, ended.Token)];
        try
        {
            // A stream whose watch says that it stands still is given up: waiting for the next message would hold the slot, and an orderly stop of the server, for ever.
            await await Task.WhenAny(tasks);
        }
        finally
        {
            await ended.CancelAsync();
            await Task.WhenAll(tasks).WaitAsync(LeavePatience, _time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ReadAsync(PhysicalReplicationConnection connection, WalResume resume, WalSegmentSize size, CancellationToken cancellationToken)
    {
        var buffer = await _shelf.OpenAsync(WalFileName.Segment.Of(resume.Timeline, resume.Start, size), cancellationToken);
        _board.Streaming(resume.Timeline, resume.Start);
        await foreach (var message in connection.StartReplication(
            new PhysicalReplicationSlot(_options.Slot), new NpgsqlLogSequenceNumber(resume.Start.Value), cancellationToken, resume.Timeline.Value))
        {
            // A stream that was given up says nothing more.
            cancellationToken.ThrowIfCancellationRequested();
            if ((ulong)message.WalStart != buffer.End.Value)
            {
                throw new IOException($"the server sent WAL from {message.WalStart}, {buffer.End} was due");
            }

            int read;
            while ((read = await message.Data.ReadAsync(buffer.Free, cancellationToken)) > 0)
            {
                buffer.Advance(read);
                if (buffer.IsComplete)
                {
                    _received = (resume.Timeline, buffer.End);
                    buffer = await _shelf.OpenAsync(buffer.Segment.Next, cancellationToken);
                }
            }

            _board.Received(buffer.End);
            Confirm(connection);
            _shelf.Signal();
            if (resume.Until is { } until && buffer.End >= until)
            {
                _received = (resume.Timeline, until);
                return;
            }
        }

        if (resume.Until is { } end && buffer.End >= end)
        {
            _received = (resume.Timeline, end);
        }
    }

    private void Lose(WalGap gap)
    {
        var (name, content) = WalGapLog.Note(gap);
        foreach (var lane in _lanes)
        {
            lane.AddNote(name, content);
        }

        _board.Lost(gap);
    }

    /// <summary>Frees the shelf of what every required tier has.</summary>
    private void Free() => _shelf.RemoveBefore(_lanes.Where(lane => lane.IsRequired).Min(lane => lane.Next));

    /// <summary>Tells the server what every required tier has.</summary>
    private void Confirm(PhysicalReplicationConnection connection)
    {
        var safe = _lanes.Where(lane => lane.IsRequired).Min(lane => lane.Status.Position);
        if (safe > Lsn.None)
        {
            connection.SetReplicationStatus(new NpgsqlLogSequenceNumber(safe.Value));
        }
    }

    // On its own: the server may wait for the last confirmation when it answers queries no more.
    private async Task ConfirmAsync(PhysicalReplicationConnection connection, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200), _time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            Confirm(connection);
        }
    }

    private async Task WatchSlotAsync(NpgsqlConnection query, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(2), _time);
        var (received, since) = (_board.Status.Received, _time.GetTimestamp());
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            if (await ReplicationSlot.ReadAsync(query, _options.Slot, cancellationToken) is { } slot)
            {
                _board.Slot(slot.Status, slot.SafeBytes);
            }

            if (_board.Status.Gaps is { IsEmpty: false } gaps)
            {
                await ForgetHealedAsync(gaps, cancellationToken);
            }

            // A stream nobody reads from would hold the slot against its own limit, and the server's checkpoint with it: it is left until there is room.
            if (_board.Status.IsStreaming && _shelf.AwaitedFor() > FullLimit)
            {
                throw new IOException($"received to {_board.Status.Received}, waits for {Awaited()}");
            }

            var there = await ReplicationSlot.ReadWrittenAsync(query, cancellationToken);
            if (_board.Status.Received != received || there <= received || _shelf.IsFull)
            {
                (received, since) = (_board.Status.Received, _time.GetTimestamp());
            }
            else if (_time.GetElapsedTime(since) > StallLimit)
            {
                throw new IOException($"the stream stands still at {received} for {StallLimit.TotalSeconds:0} s while the server has WAL to {there}");
            }
        }
    }

    private string Awaited() => string.Join(
        ", ", _lanes.Where(lane => lane.IsRequired && lane.Status.Failure is not null).Select(lane => $"tier {lane.Status.Tier}").DefaultIfEmpty("slow tiers"));

    private async Task ForgetHealedAsync(IReadOnlyList<WalGap> gaps, CancellationToken cancellationToken)
    {
        try
        {
            _board.Open(await WalGapLog.OpenAsync(gaps, _options.Cluster, _repository, cancellationToken));
        }
        catch (DrMeshException away) when (away.Code == DrMeshError.RepositoryUnreachable)
        {
            // The gaps stay shown, and each tier shows that it is away; asked again in two seconds.
        }
    }

    private async Task<TimelineHistory> LoadHistoryAsync(PhysicalReplicationConnection connection, CancellationToken cancellationToken)
    {
        var system = await connection.IdentifySystem(cancellationToken);
        var timeline = new TimelineId(system.Timeline);
        if (timeline.Value == 1)
        {
            return TimelineHistory.Root(timeline);
        }

        // Not by Npgsql: its TimelineHistory reads the content as bytes, and servers from 15 on send it as text.
        await using var client = await ReplicationClient.OpenAsync(_connectionString, cancellationToken);
        var current = await ReadHistoryAsync(client, timeline, cancellationToken);
        foreach (var ancestor in current.Ancestors.Where(ancestor => ancestor.Timeline.Value > 1))
        {
            await ReadHistoryAsync(client, ancestor.Timeline, cancellationToken);
        }

        return current;
    }

    private async Task<TimelineHistory> ReadHistoryAsync(ReplicationClient client, TimelineId timeline, CancellationToken cancellationToken)
    {
        await client.SendQueryAsync($"TIMELINE_HISTORY {timeline}", cancellationToken);
        var content = (await client.ReadRowsAsync(cancellationToken))[0][1]!;
        foreach (var lane in _lanes)
        {
            lane.AddHistory(timeline, Encoding.UTF8.GetBytes(content));
        }

        return TimelineHistory.Parse(timeline, content);
    }

    /// <summary>Each tier's last position; streaming begins at the earliest of those the slot waits for.</summary>
    private async Task<(TimelineId Timeline, Lsn Position)?> LoadPositionsAsync(TimelineHistory history, WalSegmentSize size, CancellationToken cancellationToken)
    {
        var newestFirst = history.Ancestors.Select(ancestor => ancestor.Timeline).Append(history.Timeline).Reverse().ToList();
        (TimelineId Timeline, Lsn Position)? earliest = null;
        foreach (var lane in _lanes)
        {
            var position = await lane.LoadAsync(newestFirst, size, cancellationToken);
            if (lane.IsRequired && position is { } there && (earliest is null || there.CompareTo(earliest.Value) < 0))
            {
                earliest = there;
            }
        }

        return earliest;
    }

    // Saying goodbye to a server that listens no more is not waited for without end.
    private sealed class Leaving(PhysicalReplicationConnection connection, TimeSpan patience, TimeProvider time) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() =>
            await connection.DisposeAsync().AsTask().WaitAsync(patience, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}

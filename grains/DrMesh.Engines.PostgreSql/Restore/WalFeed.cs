using System.Globalization;
using DrMesh.Contracts.Databases;
using DrMesh.Core.Backups.Logs;
using DrMesh.Core.Backups.PostgreSql;

namespace DrMesh.Engines.PostgreSql.Restore;

/// <summary>
/// Puts WAL from the log archive beside a recovering server, several segments ahead of it, so that its restore command is one rename. The command waits for a segment that is on its
/// way, says "not there" for one the archive does not have, and fails hard when the feeding process is gone: replay that ended there would look like the end of the log.
/// </summary>
internal sealed class WalFeed : IAsyncDisposable
{
    private const int Ahead = 12;
    private const int Together = 3;
    private const string EndMark = ".end";
    private const string WantMark = ".want";
    private const string TakenMark = ".taken";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private readonly string _directory;
    private readonly string? _owner;
    private readonly IReadOnlyList<ILogArchive> _archives;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lsn? _known;
    private Task _feeding = Task.CompletedTask;
    private volatile string? _last;

    private WalFeed(string directory, string? owner, IReadOnlyList<ILogArchive> archives, Lsn? known, TimeProvider time)
    {
        _known = known;
        _directory = directory;
        _owner = owner;
        _archives = archives;
        _time = time;
    }

    /// <summary>The directory that belongs to a data directory.</summary>
    public static string DirectoryOf(string dataDirectory) => dataDirectory.TrimEnd('/') + ".wal-feed";

    /// <summary>The restore command that takes from the feed of this process.</summary>
    public static string CommandFor(string dataDirectory)
    {
        var feed = DirectoryOf(dataDirectory);
        var pid = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        // Exit codes above 125 end recovery with an error (the manual, "restore_command"). A segment asked for again lies in pg_wal by then.
        return $"f=\"{feed}/%f\"; case %f in *.history) [ -e \"$f\" ] && exec cp \"$f\" \"%p\"; exit 1;; esac; "
            + $"[ -e \"$f{TakenMark}\" ] && exit 1; echo %f > \"{feed}/{WantMark}\"; "
            + $"while [ ! -e \"$f\" ]; do [ -e \"{feed}/{EndMark}\" ] && [ ! -e \"$f\" ] && exit 1; [ -e /proc/{pid} ] || exit 200; sleep 0.02; done; "
            + $"mv \"$f\" \"%p\" && : > \"$f{TakenMark}\"";
    }

    /// <summary>
    /// The same for a standby that stays one. It never takes "not there" for the end of the log, so it goes on waiting when the feed is gone, whoever ended it: the command never hangs, nor
    /// ends the server.
    /// </summary>
    public static string CommandForStandby(string dataDirectory)
    {
        var feed = DirectoryOf(dataDirectory);
        return CommandFor(dataDirectory).Replace("|| exit 200;", $"|| exit 1; [ -d \"{feed}\" ] || exit 1;", StringComparison.Ordinal);
    }

    /// <summary>Whether everything the archive has was offered, and the server took the last of it.</summary>
    public bool IsTaken => _feeding.IsCompletedSuccessfully && (_last is null || File.Exists(Path.Combine(_directory, _last + TakenMark)));

    /// <summary>Whether everything the archive has was offered; fails with what stopped the feed.</summary>
    public async ValueTask<bool> HasEndedAsync()
    {
        if (!_feeding.IsCompleted)
        {
            return false;
        }

        await _feeding;
        return true;
    }

    /// <summary>Begins to feed.</summary>
    /// <param name="dataDirectory">The recovering server's.</param>
    /// <param name="owner">The user it runs as; null: this process's own.</param>
    /// <param name="archives">The log archives, preferred first.</param>
    /// <param name="start">Where replay begins.</param>
    /// <param name="history">The line of history to follow.</param>
    /// <param name="histories">The history files' texts by timeline.</param>
    /// <param name="size">Size of segments.</param>
    /// <param name="time">For waits.</param>
    /// <param name="known">What the server has replayed already: a segment that tells no more is not offered, since it would take the place of the server's own. Null: nothing is known.</param>
    /// <param name="cancellationToken">Ends the beginning only.</param>
    public static async Task<WalFeed> StartAsync(
        string dataDirectory,
        string? owner,
        IReadOnlyList<ILogArchive> archives,
        Lsn start,
        TimelineHistory history,
        IReadOnlyDictionary<TimelineId, byte[]> histories,
        WalSegmentSize size,
        TimeProvider time,
        Lsn? known,
        CancellationToken cancellationToken)
    {
        var feed = new WalFeed(DirectoryOf(dataDirectory), owner, archives, known, time);
        if (Directory.Exists(feed._directory))
        {
            Directory.Delete(feed._directory, recursive: true);
        }

        Directory.CreateDirectory(feed._directory, OwnerOnly);
        await Ownership.GiveAsync(owner, feed._directory, cancellationToken);
        foreach (var (timeline, text) in histories)
        {
            await feed.PlaceAsync(new WalFileName.History(timeline).ToString(), text, text.Length, cancellationToken);
        }

        feed._feeding = feed.FeedAsync(start, history, size);
        return feed;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _feeding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Directory.Delete(_directory, recursive: true);
        _stop.Dispose();
    }

    private async Task FeedAsync(Lsn start, TimelineHistory history, WalSegmentSize size)
    {
        var running = new Queue<Task<(WalFileName.Segment Segment, LogContent Content)?>>();
        var next = size.SegmentOf(start);
        while (true)
        {
            while (running.Count < Together)
            {
                var number = next++;
                running.Enqueue(Task.Run(() => ReadAsync(history, number, size)));
            }

            if (await running.Dequeue() is not (var segment, var content))
            {
                break;
            }

            if (segment.Start + content.Content.Length <= _known)
            {
                continue;
            }

            await WaitForRoomAsync(segment.ToString());
            await PlaceAsync(segment.ToString(), content.Content, size.Bytes, _stop.Token);
            _last = segment.ToString();
        }

        await PlaceAsync(EndMark, ReadOnlyMemory<byte>.Empty, 0, _stop.Token);
    }

    /// <summary>A segment under the name of the newest timeline that has it: the one in which a timeline begins exists twice, and the new one's holds the old one's part.</summary>
    private async Task<(WalFileName.Segment Segment, LogContent Content)?> ReadAsync(TimelineHistory history, ulong number, WalSegmentSize size)
    {
        var last = history.TimelineAt(size.StartOfSegment(number + 1) + -1);
        var first = history.TimelineAt(size.StartOfSegment(number));
        foreach (var timeline in history.Ancestors.Select(ancestor => ancestor.Timeline).Append(history.Timeline).Reverse())
        {
            var segment = new WalFileName.Segment(timeline, number, size);
            if (timeline >= first && timeline <= last && await ReadAsync(segment) is { } content)
            {
                return (segment, content);
            }
        }

        return null;
    }

    private async Task<LogContent?> ReadAsync(WalFileName.Segment segment)
    {
        LogContent? best = null;
        foreach (var archive in _archives)
        {
            var content = await archive.ReadAsync(WalLogNames.Of(segment)!.Value, _stop.Token);
            if (content is { IsComplete: true })
            {
                return content;
            }

            best = content is not null && (best is null || content.Content.Length > best.Content.Length) ? content : best;
        }

        return best;
    }

    /// <summary>Waits until there is room; at once when the server asks for this segment or a later one (its first request is for the checkpoint's, which may be far ahead).</summary>
    private async Task WaitForRoomAsync(string segment)
    {
        while (Directory.EnumerateFiles(_directory).Count(file => Path.GetExtension(file) == "") >= Ahead && string.CompareOrdinal(Wanted(), segment) < 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), _time, _stop.Token);
        }
    }

    private string Wanted()
    {
        var mark = Path.Combine(_directory, WantMark);
        return File.Exists(mark) ? File.ReadAllText(mark).Trim() : "";
    }

    private async Task PlaceAsync(string name, ReadOnlyMemory<byte> content, int length, CancellationToken cancellationToken)
    {
        var temporary = Path.Combine(_directory, "." + name + ".tmp");
        await using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 0, useAsync: false))
        {
            await file.WriteAsync(content, cancellationToken);
            // What a partial segment does not hold yet is zeros, where replay ends.
            file.SetLength(length);
        }

        File.SetUnixFileMode(temporary, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await Ownership.GiveAsync(_owner, temporary, cancellationToken);
        File.Move(temporary, Path.Combine(_directory, name), overwrite: true);
    }
}

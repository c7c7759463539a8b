using System.Text;
using DrMesh.Core.Backups;
using DrMesh.Engines.Files.Checksums;
using DrMesh.Engines.Files.Posix;
using DrMesh.Engines.Files.Scanning;
using Microsoft.Win32.SafeHandles;

namespace DrMesh.Engines.Files.Snapshots;

/// <summary>Records paths, one at a time; several workers work side by side.</summary>
internal sealed class SnapshotWorker
{
    // A change within the file system's clock tick of the last one leaves the change time as it was; some network file systems tick in seconds.
    private const long RacySeconds = 2;
    // The kernel's clock for change times moves every 1 to 10 ms: two changes within that look like one.
    private static readonly TimeSpan ClockTick = TimeSpan.FromMilliseconds(20);
    private readonly SnapshotContext _context;
    private readonly PieceGatherer _gatherer;
    private readonly ContentReader _reader;

    public SnapshotWorker(SnapshotContext context)
    {
        _context = context;
        _gatherer = new PieceGatherer(context.Writer);
        _reader = new ContentReader(context.Writer, _gatherer, context.Parallelism);
    }

    /// <summary>The checksum of what this worker recorded.</summary>
    public TreeSum Sum { get; } = new();

    /// <summary>Files taken from the parent.</summary>
    public long Unchanged { get; private set; }

    /// <summary>Records a file, a symbolic link, or says why not. A path that is gone is left out in silence: it was removed before it was read.</summary>
    public async Task RecordAsync(TreeEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            switch (entry.Status.Kind)
            {
                case EntryKind.File:
                    await RecordFileAsync(entry, cancellationToken);
                    break;
                case EntryKind.SymbolicLink:
                    await RecordLinkAsync(entry.Path, cancellationToken);
                    break;
                default:
                    _context.Findings.Note(entry.Path, $"is a {Word(entry.Status.Kind)} and is not recorded");
                    break;
            }
        }
        catch (PosixException exception) when (exception.Errno == Libc.NoEntry)
        {
        }
        catch (PosixException exception)
        {
            _context.Findings.CannotRead(entry.Path, exception.Message);
        }
        catch (IOException exception)
        {
            _context.Findings.CannotRead(entry.Path, exception.Message);
        }
    }

    /// <summary>Records a directory once all of it was read.</summary>
    public async Task RecordDirectoryAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            using var handle = _context.Root.OpenName(path);
            var status = FileStatus.Of(handle);
            if (status.Kind == EntryKind.Directory)
            {
                await AddAsync(_context.Records.File(path, status), status, handle, [], cancellationToken);
            }
        }
        catch (PosixException exception)
        {
            if (exception.Errno is not (Libc.NoEntry or Libc.NotDirectory or Libc.TooManyLinks))
            {
                _context.Findings.CannotRead(path, exception.Message);
            }

            // Perhaps it went after it was read; what is under it needs it nevertheless.
            var last = _context.Walker.Directories[path].Status;
            await AddAsync(_context.Records.File(path, last), last, null, [], cancellationToken);
        }
    }

    /// <summary>Records a further name of a file whose first name is recorded.</summary>
    public async Task RecordHardLinkAsync(TreeEntry entry, string first, CancellationToken cancellationToken)
    {
        if (_context.Writer.Find(first) is not { } file)
        {
            // The first name went before it was read; this one may still be there.
            await RecordAsync(entry, cancellationToken);
            return;
        }

        var digest = _context.Digests[first];
        var content = new FileContent();
        var notes = EntryRecords.Notes(entry.Status, [], digest, isSettled: false) with { HardLinkTo = first };
        await _gatherer.AddNotesAsync(notes.Encode(), content, cancellationToken);
        await _gatherer.FinishAsync(file with { Path = entry.Path, Notes = default }, content, cancellationToken);
        Sum.Add(entry.Path, entry.Status with { Mode = file.Mode, Length = file.Length }, digest);
    }

    /// <summary>Stores what is gathered.</summary>
    public ValueTask FlushAsync(CancellationToken cancellationToken) => _gatherer.FlushAsync(cancellationToken);

    private async Task RecordFileAsync(TreeEntry entry, CancellationToken cancellationToken)
    {
        if (await _context.Parent.FindUnchangedAsync(entry.Path, entry.Status, cancellationToken) is { } parent && parent.Notes.HardLinkTo.Length == 0)
        {
            Remember(entry, parent.Notes.Digest);
            await _context.Writer.AddFileAsync(parent.File, cancellationToken);
            Sum.Add(entry.Path, entry.Status, parent.Notes.Digest);
            Unchanged++;
            return;
        }

        for (var attempt = 1; ; attempt++)
        {
            using var file = _context.Root.OpenFile(entry.Path);
            var status = FileStatus.Of(file);
            if (status.Kind != EntryKind.File)
            {
                // Something else took its name.
                await RecordAsync(entry with { Status = status }, cancellationToken);
                return;
            }

            if (attempt < _context.Attempts && IsInThisTick(status))
            {
                await Task.Delay(ClockTick, _context.Time, cancellationToken);
                continue;
            }

            var content = new FileContent();
            var started = _context.Time.GetUtcNow().ToUnixTimeSeconds();
            var digest = await _reader.ReadAsync(file, status.Length, content, cancellationToken);
            var isSame = digest is not null && FileStatus.Of(file).IsSameAs(status);
            if (!isSame && attempt < _context.Attempts)
            {
                continue;
            }

            if (!isSame)
            {
                _context.Findings.FileChanges(entry.Path, _context.Attempts);
            }

            if (digest is null)
            {
                // It shrinks faster than it can be read; recording part of it would hide that.
                return;
            }

            Remember(entry, digest);
            var attributes = ExtendedAttributes.Read(file);
            var isSettled = isSame && status.ChangedAt.Seconds + RacySeconds < started;
            await _gatherer.AddNotesAsync(EntryRecords.Notes(status, attributes, digest, isSettled).Encode(), content, cancellationToken);
            await _gatherer.FinishAsync(_context.Records.File(entry.Path, status), content, cancellationToken);
            Sum.Add(entry.Path, status, digest);
            return;
        }
    }

    private async Task RecordLinkAsync(string path, CancellationToken cancellationToken)
    {
        using var handle = _context.Root.OpenName(path);
        var status = FileStatus.Of(handle);
        if (status.Kind != EntryKind.SymbolicLink)
        {
            await RecordAsync(new TreeEntry(path, status), cancellationToken);
            return;
        }

        var target = TreeRoot.ReadLink(handle);
        await AddAsync(_context.Records.File(path, status, target), status, handle, Encoding.UTF8.GetBytes(target), cancellationToken);
    }

    private async Task AddAsync(BackupFile file, FileStatus status, SafeFileHandle? handle, byte[] summed, CancellationToken cancellationToken)
    {
        var content = new FileContent();
        var attributes = handle is null ? [] : ExtendedAttributes.Read(handle);
        await _gatherer.AddNotesAsync(EntryRecords.Notes(status, attributes, [], isSettled: true).Encode(), content, cancellationToken);
        await _gatherer.FinishAsync(file, content, cancellationToken);
        Sum.Add(file.Path, status, summed);
    }

    private bool IsInThisTick(in FileStatus status) => (_context.Time.GetUtcNow() - status.ChangedAt.ToDateTimeOffset()).Duration() < ClockTick;

    private void Remember(TreeEntry entry, byte[] digest)
    {
        if (entry.Status.Links > 1)
        {
            _context.Writer.Watch(entry.Path);
            _context.Digests[entry.Path] = digest;
        }
    }

    private static string Word(EntryKind kind) => kind switch
    {
        EntryKind.Fifo => "named pipe",
        EntryKind.Socket => "socket",
        EntryKind.CharacterDevice or EntryKind.BlockDevice => "device",
        EntryKind.Directory => "directory that took another's name",
        _ => "special file",
    };
}

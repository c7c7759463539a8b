using DrMesh.Core.Backups;
using DrMesh.Engines.PostgreSql.Pages;
using Microsoft.Win32.SafeHandles;

namespace DrMesh.Engines.PostgreSql.Backup;

/// <summary>
/// Backs up files, one after another; a backup has several workers. Of a file the parent backup knows and that is unchanged, nothing is read; of a changed one all pages
/// are read and the changed ones stored; of a new one everything is stored.
/// </summary>
internal sealed class BackupWorker(BackupJob job)
{
    /// <summary>A file written later than this before it is read may change again and keep its times: coarse clocks of file systems tick in up to 10 ms, some in 2 s.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);

    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(ChunkSize.Usual, pinned: true);
    private readonly PieceGatherer _gatherer = new(job.Writer);
    private ulong[] _fingerprints = [];

    /// <summary>Paths of files that were taken over from the parent without reading.</summary>
    public List<string> Unread { get; } = [];

    /// <summary>Backs up one path; one that vanished meanwhile is left out, as replay would.</summary>
    public async Task AddAsync(ScannedFile file, CancellationToken cancellationToken)
    {
        if (file.IsDirectory)
        {
            await job.Writer.AddFileAsync(
                new BackupFile { Path = file.Path, Kind = BackupFileKind.Directory, Mode = file.Entry.Mode, ModifiedAt = file.Entry.ModifiedAt }, cancellationToken);
            return;
        }

        if (FileStat.TryGet(file.FullPath) is not { } entry)
        {
            job.Meter.Done(file.Entry.Length);
            return;
        }

        var identity = Identify(entry);
        var before = job.Parent is { } parent ? await parent.Reader.FindFileAsync(file.Path, cancellationToken) : null;
        var notes = before is null ? null : await PageNotes.ReadAsync(job.Parent!.Reader, before, cancellationToken);
        if (notes is not null && job.Parent!.IsSameOrigin && identity.IsUnchangedSince(notes.Identity))
        {
            await job.Writer.AddFileAsync(before! with { Mode = entry.Mode, ModifiedAt = entry.ModifiedAt }, cancellationToken);
            Unread.Add(file.Path);
            job.Meter.Done(file.Entry.Length);
            return;
        }

        SafeFileHandle handle;
        try
        {
            handle = File.OpenHandle(file.FullPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (FileNotFoundException)
        {
            job.Meter.Done(file.Entry.Length);
            return;
        }

        using (handle)
        {
            var pages = new DiskPages(handle, file.Path, job.BadPages, job.Time);
            var target = new BackupFile { Path = file.Path, Length = entry.Length, Mode = entry.Mode, ModifiedAt = entry.ModifiedAt };
            await ReadAsync(target, file.Relation, identity, pages, before, notes, cancellationToken);
            job.Meter.Done(file.Entry.Length - entry.Length);
        }
    }

    /// <summary>Backs up a file that comes as a stream: all of it is read, what the parent lacks is stored.</summary>
    public async Task AddAsync(BackupFile file, RelationPath? relation, IPageSource pages, CancellationToken cancellationToken)
    {
        var before = job.Parent is { } parent ? await parent.Reader.FindFileAsync(file.Path, cancellationToken) : null;
        var notes = before is null ? null : await PageNotes.ReadAsync(job.Parent!.Reader, before, cancellationToken);
        await ReadAsync(file, relation, default, pages, before, notes, cancellationToken);
    }

    /// <summary>Adds a file whose content is at hand.</summary>
    public async Task AddAsync(string path, UnixFileMode mode, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var content = new FileContent();
        for (var offset = 0; offset < bytes.Length; offset += ChunkSize.Usual)
        {
            await StoreAsync(bytes.Slice(offset, Math.Min(ChunkSize.Usual, bytes.Length - offset)), content, offset, cancellationToken);
        }

        await _gatherer.FinishAsync(
            new BackupFile { Path = path, Length = bytes.Length, Mode = mode, ModifiedAt = job.Time.GetUtcNow() }, content, cancellationToken);
    }

    /// <summary>Stores what is gathered; at the worker's end.</summary>
    public ValueTask FlushAsync(CancellationToken cancellationToken) => _gatherer.FlushAsync(cancellationToken);

    private FileIdentity Identify(FileStat.Entry entry)
    {
        var changed = DateTimeOffset.UnixEpoch.AddTicks(Math.Max(entry.ModifiedNanos, entry.ChangedNanos) / 100);
        return new FileIdentity(entry.Inode, entry.Length, entry.ModifiedNanos, entry.ChangedNanos, changed + Settled < job.Time.GetUtcNow());
    }

    private async Task ReadAsync(
        BackupFile file,
        RelationPath? relation,
        FileIdentity identity,
        IPageSource source,
        BackupFile? before,
        PageNotes? notes,
        CancellationToken cancellationToken)
    {
        var firstBlock = (uint)((relation?.Segment ?? 0) * job.Server.SegmentPages);
        var known = relation is not null && notes is not null ? notes.Fingerprints : null;
        var content = new FileContent();
        var pages = 0;
        long offset = 0;
        while (offset < file.Length)
        {
            var wanted = (int)Math.Min(_buffer.Length, file.Length - offset);
            var bytes = _buffer.AsMemory(0, await source.ReadAsync(_buffer.AsMemory(0, wanted), offset, cancellationToken));
            if (relation is not null)
            {
                if (job.Server.HasChecksums)
                {
                    await source.VerifyAsync(bytes, offset, firstBlock, cancellationToken);
                }

                pages = Fingerprint(bytes.Span, pages);
            }

            await (known is null ? StoreAllAsync(bytes, content, offset, cancellationToken) : StoreChangedAsync(bytes, content, offset, known, cancellationToken));
            offset += bytes.Length;
            job.Meter.Read(bytes.Length);
            if (bytes.Length < wanted)
            {
                break;
            }
        }

        // Cut while it was read: what is gone is not accounted for any more.
        job.Meter.Done(file.Length - offset);
        await PageNotes.WriteAsync(_gatherer, content, _fingerprints.AsMemory(0, pages), identity, cancellationToken);
        await _gatherer.FinishAsync(file with { Length = offset, Extents = known is null ? default : before!.Extents }, content, cancellationToken);
    }

    private ValueTask StoreAllAsync(ReadOnlyMemory<byte> bytes, FileContent content, long offset, CancellationToken cancellationToken) =>
        bytes.IsEmpty ? ValueTask.CompletedTask : StoreAsync(bytes, content, offset, cancellationToken);

    private int Fingerprint(ReadOnlySpan<byte> bytes, int pages)
    {
        var count = bytes.Length / PageFormat.Size;
        if (_fingerprints.Length < pages + count)
        {
            Array.Resize(ref _fingerprints, Math.Max(pages + count, _fingerprints.Length * 2));
        }

        for (var page = 0; page < count; page++)
        {
            _fingerprints[pages + page] = PageNotes.Fingerprint(bytes.Slice(page * PageFormat.Size, PageFormat.Size));
        }

        return pages + count;
    }

    private async ValueTask StoreChangedAsync(
        ReadOnlyMemory<byte> bytes, FileContent content, long offset, ulong[] known, CancellationToken cancellationToken)
    {
        var run = -1;
        for (var position = 0; position < bytes.Length; position += PageFormat.Size)
        {
            var page = bytes.Slice(position, Math.Min(PageFormat.Size, bytes.Length - position));
            if (IsChanged(page.Span, (offset + position) / PageFormat.Size, known))
            {
                run = run < 0 ? position : run;
            }
            else if (run >= 0)
            {
                await StoreAsync(bytes[run..position], content, offset + run, cancellationToken);
                run = -1;
            }
        }

        if (run >= 0)
        {
            await StoreAsync(bytes[run..], content, offset + run, cancellationToken);
        }
    }

    private bool IsChanged(ReadOnlySpan<byte> page, long number, ulong[] known) =>
        number >= known.Length
        || page.Length < PageFormat.Size
        || PageFormat.Lsn(page) >= job.Parent!.StartLsn
        || _fingerprints[number] != known[number];

    private async ValueTask StoreAsync(ReadOnlyMemory<byte> bytes, FileContent content, long offset, CancellationToken cancellationToken)
    {
        // Whole chunks stand for themselves and are found again by their content; what is smaller shares a chunk.
        if (bytes.Length == ChunkSize.Usual)
        {
            content.Add(offset, new ChunkSlice(await job.Writer.AddChunkAsync(bytes, cancellationToken), 0, bytes.Length));
        }
        else
        {
            await _gatherer.AddAsync(bytes, content, offset, cancellationToken);
        }
    }
}

using DrMesh.Core.Backups;
using DrMesh.Engines.Repository.Packs;
using DrMesh.Engines.Repository.Posix;
using DrMesh.Engines.Repository.Tiers;

namespace DrMesh.Engines.Repository.Restores;

/// <summary>
/// Restores a backup into directories: paths window by window, so that memory does not grow with their number; in a window the chunks in the order of their packs, each decoded
/// once, by several workers.
/// </summary>
internal sealed class Restorer(
    TierSet tiers, ChunkSource source, IBackupReader backup, RestoreRequest request, IProgress<RestoreProgress>? progress)
{
    /// <summary>Extents in a window: about 40 MB.</summary>
    private const int WindowExtents = 1 << 19;
    private const int WindowFiles = 1 << 16;
    private const int EntriesPerUnit = 8;

    private readonly RestoreTally _tally = new(progress);
    private readonly RestoreTarget _target = new(request, backup.Summary.Roots);
    private readonly RestoreAttributes _attributes = new(request.Owner);
    private readonly List<RestoreFile> _directories = [];
    private readonly List<RestoreFile> _links = [];
    private readonly int _workers = request.Parallelism > 0 ? request.Parallelism : Environment.ProcessorCount;
    private BackupFile? _first;

    public async Task<RestoreReport> RunAsync(CancellationToken cancellationToken)
    {
        _target.Prepare(request.Delta);
        if (request.LastPath is { } path && _target.Resolve(path) is var place && File.Exists(place))
        {
            RestoreTarget.Guard(place, () => File.Delete(place));
        }

        var leftovers = request.Delta && request.Filter is null ? new Leftovers(_target) : null;
        await foreach (var file in WantedAsync(cancellationToken))
        {
            _tally.TotalBytes += Sum(file.Extents.Span);
            leftovers?.Know(file.Path);
        }

        if (leftovers is not null)
        {
            _tally.RemovedPaths = leftovers.Remove();
        }

        var window = new List<RestoreFile>();
        var extents = 0;
        RestoreFile? last = null;
        await foreach (var file in WantedAsync(cancellationToken))
        {
            _tally.Files++;
            _first ??= file;
            var placed = new RestoreFile(file, _target.Resolve(file.Path));
            if (file.Kind != BackupFileKind.File)
            {
                (file.Kind == BackupFileKind.Directory ? _directories : _links).Add(placed);
                continue;
            }

            if (file.Path == request.LastPath)
            {
                last = placed;
                continue;
            }

            window.Add(placed);
            extents += file.Extents.Length;
            if (extents >= WindowExtents || window.Count >= WindowFiles)
            {
                await RestoreWindowAsync(window, extents, cancellationToken);
                window.Clear();
                extents = 0;
            }
        }

        await RestoreWindowAsync(window, extents, cancellationToken);
        Finish();
        if (last is { } closing)
        {
            await RestoreWindowAsync([closing], closing.File.Extents.Length, cancellationToken);
            RestoreTarget.Guard(closing.Path, () => Libc.SyncFileSystem(Path.GetDirectoryName(closing.Path)!));
        }

        return _tally.Report;
    }

    private async IAsyncEnumerable<BackupFile> WantedAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var file in backup.FilesAsync(cancellationToken))
        {
            if (request.Filter is null || request.Filter(file))
            {
                yield return file;
            }
        }
    }

    private async Task RestoreWindowAsync(List<RestoreFile> window, int extents, CancellationToken cancellationToken)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = _workers, CancellationToken = cancellationToken };
        Parallel.ForEach(window, options, file => RestoreTarget.Guard(file.Path, () =>
        {
            _target.MakeDirectory(Path.GetDirectoryName(file.Path)!);
            FilePlace.Prepare(file, request.Delta, _tally);
        }));

        var slices = new RestoreSlice[extents];
        var next = 0;
        for (var i = 0; i < window.Count; i++)
        {
            foreach (var extent in window[i].File.Extents.Span)
            {
                slices[next++] = new RestoreSlice(extent.Source.Chunk, extent.Source.Offset, extent.Length, i, extent.FileOffset);
            }
        }

        Array.Sort(slices);
        var units = Units(slices);
        var unit = -1;
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAll(Enumerable.Range(0, Math.Min(_workers, units.Count)).Select(_ => Task.Run(
            async () =>
            {
                using var worker = new RestoreWorker(tiers, source, window, request.Delta, _tally);
                try
                {
                    while (Interlocked.Increment(ref unit) is var mine && mine < units.Count)
                    {
                        failed.Token.ThrowIfCancellationRequested();
                        await worker.RestoreAsync(slices.AsMemory(units[mine].Begin, units[mine].End - units[mine].Begin), failed.Token);
                    }
                }
                catch
                {
                    await failed.CancelAsync();
                    throw;
                }
            },
            cancellationToken)));

        Parallel.ForEach(window, options, file => RestoreTarget.Guard(file.Path, () => _attributes.Apply(file)));
    }

    // A unit is a few neighbouring entries of one pack: enough for one long read, few enough to keep all workers busy to the end.
    private static List<(int Begin, int End)> Units(RestoreSlice[] slices)
    {
        var units = new List<(int Begin, int End)>();
        for (var begin = 0; begin < slices.Length;)
        {
            var first = slices[begin].Chunk;
            var entries = 1;
            var end = begin + 1;
            while (end < slices.Length && slices[end].Chunk.Writer == first.Writer && slices[end].Chunk.Pack == first.Pack)
            {
                if (slices[end].Chunk.Entry != slices[end - 1].Chunk.Entry && ++entries > EntriesPerUnit)
                {
                    break;
                }

                end++;
            }

            units.Add((begin, end));
            begin = end;
        }

        return units;
    }

    // Links last, so that no content goes through one; directories from the deepest, since filling one changes its time.
    private void Finish()
    {
        foreach (var directory in _directories)
        {
            _target.MakeDirectory(directory.Path);
        }

        foreach (var link in _links)
        {
            _target.MakeDirectory(Path.GetDirectoryName(link.Path)!);
            RestoreTarget.Guard(link.Path, () => FilePlace.Link(link.Path, link.File.LinkTarget));
            RestoreTarget.Guard(link.Path, () => _attributes.Apply(link));
        }

        if (request.Filter is null)
        {
            foreach (var (link, directory) in _target.Links)
            {
                _target.MakeDirectory(Path.GetDirectoryName(link)!);
                RestoreTarget.Guard(link, () => FilePlace.Link(link, directory));
            }
        }

        foreach (var top in _target.Directories.Where(_ => _first is not null))
        {
            RestoreTarget.Guard(top, () => _attributes.ApplyOwner(top, _first!));
        }

        foreach (var directory in _directories.OrderByDescending(directory => directory.Path.Length))
        {
            RestoreTarget.Guard(directory.Path, () => _attributes.Apply(directory));
        }

        foreach (var top in _target.Directories)
        {
            RestoreTarget.Guard(top, () => Libc.SyncFileSystem(top));
        }
    }

    private static long Sum(ReadOnlySpan<Extent> extents)
    {
        long sum = 0;
        foreach (var extent in extents)
        {
            sum += extent.Length;
        }

        return sum;
    }
}

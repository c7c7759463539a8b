using System.Threading.Channels;
using DrMesh.Core.Backups;
using DrMesh.Engines.Files.Checksums;
using DrMesh.Engines.Files.Scanning;

namespace DrMesh.Engines.Files.Snapshots;

/// <summary>Reads one tree into one backup: a walker finds, workers record, then the walker looks for what came meanwhile.</summary>
internal sealed class SnapshotRun(SnapshotContext context, IProgress<BackupStatistics>? progress)
{
    private const int QueueLength = 1024;
    private readonly HardLinks _links = new();

    /// <summary>The checksum of what was recorded.</summary>
    public TreeSum Sum { get; } = new();

    /// <summary>Files taken from the parent.</summary>
    public long Unchanged { get; private set; }

    /// <summary>Names recorded as hard links.</summary>
    public long HardLinkCount => _links.Further.Count;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await RecordAsync(context.Walker.Walk(), cancellationToken);
        for (var round = 1; ; round++)
        {
            var (changed, added) = context.Walker.Revisit();
            if (changed.Count == 0)
            {
                break;
            }

            if (round == context.Attempts)
            {
                foreach (var path in changed)
                {
                    context.Findings.DirectoryChanges(path, context.Attempts);
                }

                break;
            }

            await RecordAsync(added, cancellationToken);
        }

        await FinishAsync(cancellationToken);
        progress?.Report(context.Writer.Statistics);
    }

    private async Task RecordAsync(IEnumerable<TreeEntry> found, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var queue = Channel.CreateBounded<TreeEntry>(new BoundedChannelOptions(QueueLength) { SingleWriter = true });
        var tasks = Enumerable.Range(0, context.Parallelism).Select(_ => Task.Run(() => WorkAsync(queue.Reader, stop.Token), CancellationToken.None)).ToList();
        tasks.Add(Task.Run(() => FindAsync(found, queue.Writer, stop.Token), CancellationToken.None));
        // The first to fail stops the others; its fault is the one that is told.
        while (tasks.Count > 0)
        {
            var ended = await Task.WhenAny(tasks);
            tasks.Remove(ended);
            if (!ended.IsCompletedSuccessfully)
            {
                await stop.CancelAsync();
                await Task.WhenAll(tasks).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
                await ended;
            }
        }
    }

    private async Task FindAsync(IEnumerable<TreeEntry> found, ChannelWriter<TreeEntry> queue, CancellationToken cancellationToken)
    {
        foreach (var entry in found.Where(_links.IsFirst))
        {
            await queue.WriteAsync(entry, cancellationToken);
        }

        queue.Complete();
    }

    private async Task WorkAsync(ChannelReader<TreeEntry> queue, CancellationToken cancellationToken)
    {
        var worker = new SnapshotWorker(context);
        var reported = context.Time.GetTimestamp();
        await foreach (var entry in queue.ReadAllAsync(cancellationToken))
        {
            await worker.RecordAsync(entry, cancellationToken);
            if (progress is not null && context.Time.GetElapsedTime(reported) > TimeSpan.FromMilliseconds(500))
            {
                progress.Report(context.Writer.Statistics);
                reported = context.Time.GetTimestamp();
            }
        }

        await worker.FlushAsync(cancellationToken);
        Take(worker);
    }

    private async Task FinishAsync(CancellationToken cancellationToken)
    {
        var worker = new SnapshotWorker(context);
        foreach (var path in context.Walker.Directories.Keys.Where(path => path.Length > 0).Order(StringComparer.Ordinal))
        {
            await worker.RecordDirectoryAsync(path, cancellationToken);
        }

        foreach (var (entry, first) in _links.Further)
        {
            await worker.RecordHardLinkAsync(entry, first, cancellationToken);
        }

        await worker.FlushAsync(cancellationToken);
        Take(worker);
    }

    private void Take(SnapshotWorker worker)
    {
        lock (Sum)
        {
            Sum.Add(worker.Sum);
            Unchanged += worker.Unchanged;
        }
    }
}

using System.Globalization;
using System.Text;
using DrMesh.Contracts.Backups;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.Files;
using DrMesh.Engines.Files.Checksums;
using DrMesh.Engines.Files.Posix;
using DrMesh.Engines.Files.Restores;
using DrMesh.Engines.Files.Scanning;
using DrMesh.Engines.Files.Snapshots;
using Microsoft.Extensions.Logging;

namespace DrMesh.Engines.Files;

/// <summary>Snapshots and restores of file trees on Linux 5.6 or newer.</summary>
internal sealed class FileTreeEngine(TimeProvider time, ILogger<FileTreeEngine> logger) : IFileTreeEngine
{
    public async Task<FileTreeSnapshot> SnapshotAsync(
        IBackupRepository repository, FileTreeSnapshotRequest request, IProgress<BackupStatistics>? progress, CancellationToken cancellationToken)
    {
        using var root = OpenTop(request.Scan.Directory);
        await using var parent = request.Draft.Parent is { } id ? await OpenAsync(repository, id, cancellationToken) : null;
        var findings = new Findings();
        await using var writer = new LinkRecorder(await repository.BeginAsync(request.Draft, cancellationToken));
        var run = new SnapshotRun(
            new SnapshotContext
            {
                Root = root,
                Walker = new TreeWalker(root, new Exclusions(request.Scan.Exclude), findings),
                Writer = writer,
                Parent = new ParentSnapshot(parent),
                Findings = findings,
                Time = time,
                Parallelism = Workers(request.Scan.Parallelism),
                Attempts = Math.Max(1, request.Scan.Attempts),
            },
            progress);
        await run.RunAsync(cancellationToken);
        var checksum = run.Sum.Finish(findings.Sentences());
        var commit = await writer.CommitAsync(
            new BackupCompletion { CompletedAt = time.GetUtcNow(), Warnings = checksum.Problems, Facts = Facts(request.Scan, root, checksum, run, findings) },
            cancellationToken);
        logger.Snapshotted(
            request.Draft.Id.Value, request.Scan.Directory, checksum.Files, run.Unchanged, checksum.Value, findings.Unreadable, findings.Unsettled);
        return new FileTreeSnapshot
        {
            Commit = commit,
            Checksum = checksum,
            Unchanged = run.Unchanged,
            Unreadable = findings.Unreadable,
            Unsettled = findings.Unsettled,
        };
    }

    public async Task<FileTreeRestoreReport> RestoreAsync(
        IBackupRepository repository, FileTreeRestoreRequest request, IProgress<RestoreProgress>? progress, CancellationToken cancellationToken)
    {
        await using var backup = await OpenAsync(repository, request.Backup, cancellationToken);
        var report = await new RestoreRun(backup, request, Workers(request.Parallelism)).RunAsync(progress, cancellationToken);
        logger.Restored(
            request.Backup.Value, request.TargetDirectory, report.Content.Files, report.Content.WrittenBytes, report.Content.TotalBytes, report.Warnings.Count);
        return report;
    }

    public async Task<FileTreeChecksum> ChecksumAsync(FileTreeScan scan, CancellationToken cancellationToken)
    {
        using var root = OpenTop(scan.Directory);
        var findings = new Findings();
        var walker = new TreeWalker(root, new Exclusions(scan.Exclude), findings);
        var sum = new TreeSum();
        await Parallel.ForEachAsync(
            walker.Walk(),
            new ParallelOptions { MaxDegreeOfParallelism = Workers(scan.Parallelism), CancellationToken = cancellationToken },
            async (entry, token) =>
            {
                try
                {
                    if (await ContentOfAsync(root, entry, token) is { } content)
                    {
                        lock (sum)
                        {
                            sum.Add(entry.Path, entry.Status, content);
                        }
                    }
                }
                catch (Exception exception) when (exception is PosixException or IOException)
                {
                    findings.CannotRead(entry.Path, exception.Message);
                }
            });
        foreach (var (path, listing) in walker.Directories.Where(pair => pair.Key.Length > 0))
        {
            sum.Add(path, listing.Status, []);
        }

        return sum.Finish(findings.Sentences());
    }

    private static async ValueTask<byte[]?> ContentOfAsync(TreeRoot root, TreeEntry entry, CancellationToken cancellationToken)
    {
        switch (entry.Status.Kind)
        {
            case EntryKind.File:
                using (var file = root.OpenFile(entry.Path))
                {
                    var content = await new ContentReader(null, null, 1).ReadAsync(file, entry.Status.Length, new FileContent(), cancellationToken);
                    return content ?? throw new IOException($"it is shorter than {entry.Status.Length} bytes now");
                }

            case EntryKind.SymbolicLink:
                using (var link = root.OpenName(entry.Path))
                {
                    return Encoding.UTF8.GetBytes(TreeRoot.ReadLink(link));
                }

            default:
                return null;
        }
    }

    private static Dictionary<string, string> Facts(FileTreeScan scan, TreeRoot root, FileTreeChecksum checksum, SnapshotRun run, Findings findings) => new()
    {
        [FileTreeFacts.Directory] = scan.Directory,
        [FileTreeFacts.Top] = TopMetadata.Of(root).ToString(),
        [FileTreeFacts.Checksum] = checksum.Value,
        [FileTreeFacts.Directories] = checksum.Directories.ToString(CultureInfo.InvariantCulture),
        [FileTreeFacts.SymbolicLinks] = checksum.SymbolicLinks.ToString(CultureInfo.InvariantCulture),
        [FileTreeFacts.HardLinks] = run.HardLinkCount.ToString(CultureInfo.InvariantCulture),
        [FileTreeFacts.Unreadable] = findings.Unreadable.ToString(CultureInfo.InvariantCulture),
        [FileTreeFacts.Unsettled] = findings.Unsettled.ToString(CultureInfo.InvariantCulture),
    };

    private static async Task<IBackupReader> OpenAsync(IBackupRepository repository, BackupId id, CancellationToken cancellationToken)
    {
        var reader = await repository.OpenAsync(id, cancellationToken);
        if (reader.Summary.Engine != FileTreeFacts.Engine)
        {
            await reader.DisposeAsync();
            throw FileTreeErrors.NotATree(id, reader.Summary.Engine);
        }

        return reader;
    }

    private static TreeRoot OpenTop(string directory)
    {
        try
        {
            return TreeRoot.Open(directory);
        }
        catch (PosixException exception)
        {
            throw FileTreeErrors.TopUnreadable(directory, exception.Message);
        }
    }

    private static int Workers(int asked) => asked > 0 ? asked : Environment.ProcessorCount;
}

using System.Collections.Immutable;
using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.Files;
using DrMesh.Core.Estate;
using DrMesh.Grains.Estate;
using DrMesh.Grains.Work;

namespace DrMesh.Grains.Backups.Unified;

/// <summary>Carries a <see cref="PartOrder"/> on a file tree out, on the machine that has the tree.</summary>
internal sealed class TreeWorker(AppliedEstates estates, ApplicationRepositories repositories, IFileTreeEngine engine, TimeProvider time) : IWorker
{
    /// <summary>The marker's name in a tree's top.</summary>
    public const string Marker = ".drmesh-consistency-point";

    public bool Does(WorkOrder order) => order is PartOrder { IsTree: true };

    public async Task<ImmutableSortedDictionary<string, string>> DoAsync(WorkOrder order, Action<string> report, CancellationToken cancellationToken)
    {
        var part = (PartOrder)order;
        var tree = (await estates.CurrentAsync(cancellationToken)).FileTree(part.Name);
        return part.Action == PartAction.Mark ? await MarkAsync(tree, part.Point, cancellationToken) : await SnapshotAsync(tree, part, report, cancellationToken);
    }

    private async Task<ImmutableSortedDictionary<string, string>> MarkAsync(FileTreeDefinition tree, string point, CancellationToken cancellationToken)
    {
        var path = Path.Combine(tree.Used().Path, Marker);
        await using (var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, 0, FileOptions.WriteThrough))
        {
            await file.WriteAsync(System.Text.Encoding.UTF8.GetBytes($"{point} {time.GetUtcNow():O}\n"), cancellationToken);
        }

        return Evidence.Of(("marker", Marker));
    }

    private async Task<ImmutableSortedDictionary<string, string>> SnapshotAsync(FileTreeDefinition tree, PartOrder part, Action<string> report, CancellationToken cancellationToken)
    {
        await using var repository = await repositories.OpenAsync(part.Repositories, part.Name, cancellationToken);
        if (await repository.FindAsync(part.Backup, cancellationToken) is { } done)
        {
            return Evidence.Of(done, []);
        }

        var directory = tree.Used().Path;
        var request = new FileTreeSnapshotRequest
        {
            Draft = new BackupDraft
            {
                Id = part.Backup,
                Engine = FileTreeFacts.Engine,
                Source = tree.Name,
                Parent = part.IsFull ? null : part.Parent ?? await NewestAsync(repository, tree.Name, directory, cancellationToken),
                StartedAt = time.GetUtcNow(),
                CompressionLevel = part.CompressionLevel,
                Labels = part.Labels,
            },
            Scan = new FileTreeScan { Directory = directory, Exclude = tree.Exclude, Parallelism = part.Parallelism },
        };
        var snapshot = await engine.SnapshotAsync(repository, request, new StatisticsText(report), cancellationToken);
        return Evidence.Of(snapshot.Commit.Summary, snapshot.Commit.Tiers);
    }

    private static async Task<BackupId?> NewestAsync(IBackupRepository repository, string tree, string directory, CancellationToken cancellationToken)
    {
        BackupSummary? newest = null;
        await foreach (var summary in repository.ListAsync(tree, cancellationToken))
        {
            if (summary.Engine == FileTreeFacts.Engine && summary.Facts.GetValueOrDefault(FileTreeFacts.Directory) == directory && !(summary.CompletedAt <= newest?.CompletedAt))
            {
                newest = summary;
            }
        }

        return newest?.Id;
    }
}

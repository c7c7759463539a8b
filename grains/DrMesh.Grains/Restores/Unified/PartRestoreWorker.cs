using System.Collections.Immutable;
using DrMesh.Contracts.Backups.Unified;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.Files;
using DrMesh.Core.Backups.MongoDb;
using DrMesh.Core.Backups.Unified;
using DrMesh.Core.Estate;
using DrMesh.Grains.Backups.Unified;
using DrMesh.Grains.Estate;
using DrMesh.Grains.Work;

namespace DrMesh.Grains.Restores.Unified;

/// <summary>Carries a <see cref="PartRestoreOrder"/> out.</summary>
internal sealed class PartRestoreWorker(
    AppliedEstates estates, ApplicationRepositories repositories, IFileTreeEngine trees, IMongoEngine mongo, IPostgresPoints postgresPoints, IMongoPoints mongoPoints) : IWorker
{
    private const int MostShown = 5;

    public bool Does(WorkOrder order) => order is PartRestoreOrder;

    public async Task<ImmutableSortedDictionary<string, string>> DoAsync(WorkOrder order, Action<string> report, CancellationToken cancellationToken)
    {
        var part = (PartRestoreOrder)order;
        if (part.IsLook)
        {
            return await LookAsync(part, cancellationToken)
                ? Evidence.Of(("marker", part.Point))
                : throw new DrMeshException(DrMeshError.PointNotTaken, $"the marker {part.Point} is not in the restored {part.From.Kind} {part.From.Name}", "the part is of another point; restore it alone and compare");
        }

        if (part.IsCheck)
        {
            return await CheckAsync(part, cancellationToken);
        }

        await using var repository = await repositories.OpenAsync(part.From.Repositories, part.From.Name, cancellationToken);
        return part.From.Kind == PartKind.Files
            ? await RestoreTreeAsync(repository, part, report, cancellationToken)
            : await RestoreSetAsync(repository, part, report, cancellationToken);
    }

    private async Task<ImmutableSortedDictionary<string, string>> CheckAsync(PartRestoreOrder part, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> found = part.From.Kind == PartKind.MongoDb
            ? await mongo.FindCollectionsAsync(await AddressAsync(part, cancellationToken), null, cancellationToken)
            : Directory.Exists(part.To.Directory) ? [.. Directory.EnumerateFileSystemEntries(part.To.Directory).Take(MostShown + 1).Select(path => Path.GetFileName(path)!)] : [];
        var shown = $"{string.Join(", ", found.Take(MostShown).Order(StringComparer.Ordinal))}{(found.Count > MostShown ? " and more" : "")}";
        var place = part.To.Set is { } set ? $"replica set {set} is not empty" : $"directory {part.To.Directory} is not empty";
        return found.Count == 0 || (part.Overwrites && part.From.Kind != PartKind.PostgreSql)
            ? Evidence.Of(("inTheWay", shown))
            : throw new DrMeshException(
                part.To.Set is null ? DrMeshError.RestoreTargetUnusable : DrMeshError.MongoTargetNotEmpty,
                $"{place}: {shown}",
                part.From.Kind == PartKind.PostgreSql ? "name an empty directory, or one that does not exist" : "name another place, or repeat with --overwrite: what the backup and its log name is dropped then");
    }

    private async Task<ImmutableSortedDictionary<string, string>> RestoreTreeAsync(IBackupRepository repository, PartRestoreOrder part, Action<string> report, CancellationToken cancellationToken)
    {
        // A repeated order finds what an earlier one wrote: only what differs is written then.
        var request = new FileTreeRestoreRequest { Backup = part.From.Backup, TargetDirectory = part.To.Directory!, Parallelism = part.Parallelism, Delta = true };
        var done = await trees.RestoreAsync(repository, request, new StatisticsText(report), cancellationToken);
        var sum = await trees.ChecksumAsync(new FileTreeScan { Directory = part.To.Directory!, Parallelism = part.Parallelism }, cancellationToken);
        var recorded = part.From.Point.GetValueOrDefault(FileTreeFacts.Checksum);
        return sum.Value == recorded
            ? Evidence.Of(("files", $"{done.Content.Files}"), ("bytes", $"{done.Content.TotalBytes}"), ("checksum", sum.Value), ("warnings", string.Join("; ", done.Warnings.Take(5))))
            : throw new DrMeshException(
                DrMeshError.RepositoryObjectDamaged, $"the restored tree {part.To.Directory} has checksum {sum.Value}, the snapshot {recorded}", "see whether something writes there, then restore again");
    }

    private async Task<ImmutableSortedDictionary<string, string>> RestoreSetAsync(IBackupRepository repository, PartRestoreOrder part, Action<string> report, CancellationToken cancellationToken)
    {
        var request = new MongoRestoreRequest
        {
            Backup = part.From.Backup,
            Target = await AddressAsync(part, cancellationToken),
            Until = part.Until is null && OpTime.TryParse(part.From.Point["opTime"], out var point) ? point : null,
            UntilTime = part.Until,
            // A repeated order must begin anew over what an earlier one loaded. That nothing was in the way at first, or may go, a step of its own saw to.
            DropExisting = true,
            Parallelism = part.Parallelism,
        };
        var done = await mongo.RestoreAsync(repository, request, new StatisticsText(report), cancellationToken);
        return Evidence.Of(("bytes", $"{part.From.LogicalBytes}"), ("documents", $"{done.Documents}"), ("replayed", $"{done.Replayed}"), ("reached", done.Reached.ToString()), ("warnings", string.Join("; ", done.Warnings.Take(5))));
    }

    private async Task<bool> LookAsync(PartRestoreOrder part, CancellationToken cancellationToken)
    {
        switch (part.From.Kind)
        {
            case PartKind.PostgreSql:
                var estate = await estates.CurrentAsync(cancellationToken);
                var server = estate.Servers(estate.PostgreSql(new ClusterId(part.From.Name)))[0] with { Host = "127.0.0.1", Port = part.To.Port!.Value };
                return await postgresPoints.HasAsync(server, part.Point, cancellationToken);
            case PartKind.MongoDb:
                return await mongoPoints.HasAsync(await AddressAsync(part, cancellationToken), part.Point, cancellationToken);
            default:
                var marker = Path.Combine(part.To.Directory!, TreeWorker.Marker);
                return File.Exists(marker) && (await File.ReadAllTextAsync(marker, cancellationToken)).StartsWith($"{part.Point} ", StringComparison.Ordinal);
        }
    }

    private async Task<MongoAddress> AddressAsync(PartRestoreOrder part, CancellationToken cancellationToken)
    {
        var estate = await estates.CurrentAsync(cancellationToken);
        return await estate.MongoAsync(estate.MongoDb(part.To.Set!.Value), cancellationToken);
    }
}

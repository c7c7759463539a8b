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

        await using var repository = await repositories.OpenAsync(part.From.Repositories, part.From.Name, cancellationToken);
        return part.From.Kind == PartKind.Files
            ? await RestoreTreeAsync(repository, part, report, cancellationToken)
            : await RestoreSetAsync(repository, part, report, cancellationToken);
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
            // A repeated order must begin anew over what an earlier one loaded; that the set was empty at first was for the person to see to.
            DropExisting = true,
            Parallelism = part.Parallelism,
        };
        var done = await mongo.RestoreAsync(repository, request, new StatisticsText(report), cancellationToken);
        return Evidence.Of(("documents", $"{done.Documents}"), ("replayed", $"{done.Replayed}"), ("reached", done.Reached.ToString()), ("warnings", string.Join("; ", done.Warnings.Take(5))));
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

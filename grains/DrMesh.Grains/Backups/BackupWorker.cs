using System.Collections.Immutable;
using System.Globalization;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.PostgreSql;
using DrMesh.Core.Estate;
using DrMesh.Grains.Estate;
using DrMesh.Grains.Work;

namespace DrMesh.Grains.Backups;

/// <summary>Carries a <see cref="BackupOrder"/> out.</summary>
internal sealed class BackupWorker(AppliedEstates estates, IPostgresEngine engine, IRepositoryFactory repositories, TimeProvider time) : IWorker
{
    public bool Does(WorkOrder order) => order is BackupOrder;

    public async Task<ImmutableSortedDictionary<string, string>> DoAsync(WorkOrder order, Action<string> report, CancellationToken cancellationToken)
    {
        var backup = (BackupOrder)order;
        var estate = await estates.CurrentAsync(cancellationToken);
        var cluster = estate.PostgreSql(backup.Cluster);
        var server = estate.Servers(cluster).First(known => known.Node == backup.Source);
        await using var repository = await repositories.OpenAsync(
            RepositoryAddress.Describe(estate.Repositories(backup.Repositories), backup.Cluster.Value), cancellationToken);
        var request = new PostgresBackupRequest
        {
            Id = backup.Backup,
            Cluster = backup.Cluster.Value,
            IsFull = backup.IsFull,
            CompressionLevel = backup.CompressionLevel,
            Parallelism = backup.Parallelism,
            Labels = backup.Labels,
        };
        var progress = new ProgressText(time, report);
        var commit = await engine.Backup(server, backup.Way).RunAsync(request, repository, progress, cancellationToken);
        return Evidence(commit);
    }

    private static ImmutableSortedDictionary<string, string> Evidence(BackupCommit commit)
    {
        var summary = commit.Summary;
        var evidence = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        evidence.AddRange(summary.Facts);
        evidence["bytes"] = summary.LogicalBytes.ToString(CultureInfo.InvariantCulture);
        evidence["stored"] = summary.StoredBytes.ToString(CultureInfo.InvariantCulture);
        evidence["files"] = summary.FileCount.ToString(CultureInfo.InvariantCulture);
        evidence["parent"] = summary.Parent?.Value ?? "";
        evidence["warnings"] = string.Join("; ", summary.Warnings);
        evidence["lostTiers"] = string.Join("; ", commit.Tiers.Where(tier => tier.Failure is not null).Select(tier => $"{tier.Tier}: {tier.Failure}"));
        return evidence.ToImmutable();
    }
}

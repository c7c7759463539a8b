using System.Collections.Immutable;
using System.Globalization;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.PostgreSql;
using DrMesh.Core.Estate;
using DrMesh.Core.Restores.PostgreSql;
using DrMesh.Grains.Backups;
using DrMesh.Grains.Estate;
using DrMesh.Grains.Regions;
using DrMesh.Grains.Work;

namespace DrMesh.Grains.Restores;

/// <summary>Carries a <see cref="RestoreOrder"/> out.</summary>
internal sealed class RestoreWorker(AppliedEstates estates, IPostgresEngine engine, ClusterRepositories repositories, SiloIdentity here, TimeProvider time) : IWorker
{
    public bool Does(WorkOrder order) => order is RestoreOrder;

    public async Task<ImmutableSortedDictionary<string, string>> DoAsync(WorkOrder order, Action<string> report, CancellationToken cancellationToken)
    {
        var restore = (RestoreOrder)order;
        var estate = await estates.CurrentAsync(cancellationToken);
        var cluster = estate.PostgreSql(restore.Cluster);
        var port = engine.Restore(estate.Servers(cluster)[0]);
        var request = new PostgresRestoreRequest
        {
            Backup = restore.Backup,
            TargetDirectory = restore.Directory,
            Target = restore.Target,
            TablespaceMap = restore.TablespaceMap,
            IsDelta = restore.IsDelta,
            Port = restore.Port,
            Parallelism = restore.Parallelism,
            Settings = new Dictionary<string, string> { ["listen_addresses"] = Addresses(estate) },
        };
        if (restore.Stage == RestoreStage.Stop)
        {
            await port.StopAsync(request, cancellationToken);
            return Evidence(("directory", restore.Directory));
        }

        await using var repository = await repositories.OpenAsync(restore.Cluster, restore.Repositories, cancellationToken);
        return restore.Stage == RestoreStage.Files
            ? Evidence(await port.RestoreFilesAsync(request, repository, new ProgressText(time, report), cancellationToken))
            : Evidence(await port.RecoverAsync(request, repository, new RecoveryText(report), cancellationToken));
    }

    // The backup may come from another machine, whose addresses this one does not have. Recovery is watched on loopback.
    private string Addresses(EstateDocument estate) =>
        estate.Regions.FirstOrDefault(region => region.Name == here.Node.Region)?.Nodes.FirstOrDefault(node => node.Name == here.Node.Name).ListenAddresses() ?? ListenAddress.ListenAddresses(null);

    private static ImmutableSortedDictionary<string, string> Evidence(RestoreReport report) => Evidence(
        ("files", report.Files.ToString(CultureInfo.InvariantCulture)),
        ("bytes", report.TotalBytes.ToString(CultureInfo.InvariantCulture)),
        ("written", report.WrittenBytes.ToString(CultureInfo.InvariantCulture)));

    private static ImmutableSortedDictionary<string, string> Evidence(RecoveryReached reached) => Evidence(
        ("position", reached.Position.ToString()),
        ("time", reached.LastTransactionAt?.ToString("O", CultureInfo.InvariantCulture) ?? ""),
        ("timeline", reached.Timeline.ToString()),
        ("inRecovery", reached.IsInRecovery.ToString()),
        ("bytesPerSecond", reached.ReplayRate?.ToString("0", CultureInfo.InvariantCulture) ?? ""));

    private static ImmutableSortedDictionary<string, string> Evidence(params (string Name, string Value)[] facts) =>
        facts.ToImmutableSortedDictionary(fact => fact.Name, fact => fact.Value, StringComparer.Ordinal);

    private sealed class RecoveryText(Action<string> report) : IProgress<RecoveryProgress>
    {
        public void Report(RecoveryProgress value) =>
            report(string.Create(CultureInfo.InvariantCulture, $"replayed to {value.Position}, {value.Bytes / (double)(1 << 20):0.0} MiB"));
    }
}

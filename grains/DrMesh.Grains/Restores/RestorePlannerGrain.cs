using System.Collections.Immutable;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Restores;
using DrMesh.Core.Backups.MongoDb;
using DrMesh.Core.Backups.PostgreSql;
using DrMesh.Core.Restores.MongoDb;
using DrMesh.Core.Restores.PostgreSql;
using DrMesh.Grains.Backups;
using DrMesh.Grains.Estate;
using Orleans.Concurrency;

namespace DrMesh.Grains.Restores;

/// <summary>Plans from what the repositories hold now and from how fast earlier restores were.</summary>
[Reentrant]
internal sealed class RestorePlannerGrain(AppliedEstates estates, ClusterRepositories repositories, IPostgresEngine engine, RestoreHistory history) : Grain, IRestorePlannerGrain
{
    private ClusterId Cluster => new(this.GetPrimaryKeyString());

    public async Task<PitrPlan> Plan(RecoveryTarget target, CancellationToken cancellationToken)
    {
        if (await IsReplicaSetAsync(cancellationToken))
        {
            var (backups, slices) = await ReadOplogAsync(cancellationToken);
            return OplogPitrPlanner.Plan(target, backups, slices);
        }

        return PitrPlanner.Plan(target, await ReadAsync(target.Kind == RecoveryTargetKind.Name, cancellationToken));
    }

    public async Task<ImmutableArray<RecoveryWindow>> Windows(CancellationToken cancellationToken)
    {
        if (await IsReplicaSetAsync(cancellationToken))
        {
            var (backups, slices) = await ReadOplogAsync(cancellationToken);
            return [.. OplogWindows.Of(backups, slices.Select(slice => slice.Name))];
        }

        var facts = await ReadAsync(false, cancellationToken);
        return facts.Histories.MaxBy(known => known.Timeline) is { } line ? [.. RecoveryWindows.Along(line, facts.Backups, facts.Ranges)] : [];
    }

    private async Task<bool> IsReplicaSetAsync(CancellationToken cancellationToken) =>
        (await estates.CurrentAsync(cancellationToken)).Clusters.OfType<MongoDbCluster>().Any(set => set.Name == Cluster);

    private async Task<(IReadOnlyList<OplogPoint> Backups, IReadOnlyList<(OplogSliceName Name, long StoredLength)> Slices)> ReadOplogAsync(CancellationToken cancellationToken)
    {
        var set = Cluster;
        return await Task.Run(
            async () =>
            {
                await using var repository = await repositories.OpenAsync(set, cancellationToken);
                return (await OplogFacts.BackupsAsync(repository, set.Value, cancellationToken), await OplogFacts.SlicesAsync(repository, set.Value, cancellationToken));
            },
            cancellationToken);
    }

    private async Task<PitrFacts> ReadAsync(bool findRestorePoints, CancellationToken cancellationToken)
    {
        var rates = await history.RatesAsync(cancellationToken);
        var cluster = Cluster;
        return await Task.Run(
            async () =>
            {
                await using var repository = await repositories.OpenAsync(cluster, cancellationToken);
                return await engine.ReadPitrFactsAsync(cluster, repository, rates, findRestorePoints, cancellationToken);
            },
            cancellationToken);
    }
}

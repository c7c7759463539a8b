using System.Collections.Immutable;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Restores;
using DrMesh.Core.Backups.PostgreSql;
using DrMesh.Core.Restores.PostgreSql;
using DrMesh.Grains.Backups;
using Orleans.Concurrency;

namespace DrMesh.Grains.Restores;

/// <summary>Plans from what the repositories hold now and from how fast earlier restores were.</summary>
[Reentrant]
internal sealed class RestorePlannerGrain(ClusterRepositories repositories, IPostgresEngine engine, RestoreHistory history) : Grain, IRestorePlannerGrain
{
    private ClusterId Cluster => new(this.GetPrimaryKeyString());

    public async Task<PitrPlan> Plan(RecoveryTarget target, CancellationToken cancellationToken) =>
        PitrPlanner.Plan(target, await ReadAsync(target.Kind == RecoveryTargetKind.Name, cancellationToken));

    public async Task<ImmutableArray<RecoveryWindow>> Windows(CancellationToken cancellationToken)
    {
        var facts = await ReadAsync(false, cancellationToken);
        return facts.Histories.MaxBy(known => known.Timeline) is { } line ? [.. RecoveryWindows.Along(line, facts.Backups, facts.Ranges)] : [];
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

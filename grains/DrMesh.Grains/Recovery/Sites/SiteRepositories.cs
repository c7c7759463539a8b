using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Restores;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.PostgreSql;
using DrMesh.Core.Restores.PostgreSql;
using DrMesh.Grains.Backups;
using DrMesh.Grains.Restores;

namespace DrMesh.Grains.Recovery.Sites;

/// <summary>The repositories a site comes up from, and the newest that can be restored from them: of the tiers that answer here.</summary>
internal class SiteRepositories(ClusterRepositories repositories, IPostgresEngine engine, RestoreHistory history)
{
    /// <summary>Opens a cluster's.</summary>
    public virtual Task<IBackupRepository> OpenAsync(ClusterId cluster, CancellationToken cancellationToken) => repositories.OpenAsync(cluster, cancellationToken);

    /// <summary>Plans to restore the newest.</summary>
    public virtual async Task<PitrPlan> PlanAsync(ClusterId cluster, IBackupRepository repository, CancellationToken cancellationToken) => PitrPlanner.Plan(
        RecoveryTarget.Latest, await engine.ReadPitrFactsAsync(cluster, repository, await history.RatesAsync(cancellationToken), false, cancellationToken));
}

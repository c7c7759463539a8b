using System.Collections.Immutable;
using DrMesh.Contracts.Databases;
using DrMesh.Core.Backups;
using DrMesh.Core.Estate;
using DrMesh.Grains.Estate;

namespace DrMesh.Grains.Backups;

/// <summary>Opens the repositories of a cluster's or file tree's policy as the tiers of one repository.</summary>
internal sealed class ClusterRepositories(AppliedEstates estates, IRepositoryFactory factory)
{
    /// <summary>Those a session's plan names.</summary>
    public async Task<IBackupRepository> OpenAsync(ClusterId cluster, ImmutableArray<string> names, CancellationToken cancellationToken)
    {
        var estate = await estates.CurrentAsync(cancellationToken);
        return await factory.OpenAsync(RepositoryAddress.Describe(estate.Repositories(names), cluster.Value), cancellationToken);
    }

    /// <summary>Those the cluster's policy names now.</summary>
    public async Task<IBackupRepository> OpenAsync(ClusterId cluster, CancellationToken cancellationToken)
    {
        var estate = await estates.CurrentAsync(cancellationToken);
        return await factory.OpenAsync(RepositoryAddress.Describe(estate.Repositories(estate.BackupPolicyOf(cluster.Value).Repositories), cluster.Value), cancellationToken);
    }
}

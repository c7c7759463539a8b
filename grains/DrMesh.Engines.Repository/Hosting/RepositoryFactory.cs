using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups;
using DrMesh.Engines.Repository.Keys;
using DrMesh.Engines.Repository.Stores;
using DrMesh.Engines.Repository.Tiers;

namespace DrMesh.Engines.Repository.Hosting;

/// <summary>Opens repositories on the stores and keys their description names.</summary>
internal sealed class RepositoryFactory(TimeProvider time) : IRepositoryFactory
{
    public async Task<IBackupRepository> OpenAsync(RepositoryDescription description, CancellationToken cancellationToken = default)
    {
        if (description.Tiers.Count == 0 || description.Tiers.DistinctBy(tier => tier.Name).Count() < description.Tiers.Count)
        {
            throw new DrMeshException(DrMeshError.UsageInvalid, "a repository has at least one tier, each with a name of its own", "name its tiers");
        }

        var tiers = description.Tiers
            .Select(tier => new Tier(tier.Name, StoreAddress.Open(tier, time), KeyAddress.Open(tier.Key, tier.KeyCredentials ?? tier.Credentials), tier.LockFor))
            .ToArray();
        return new BackupRepository(await TierSet.OpenAsync(tiers, description.Create, time, cancellationToken), time);
    }
}

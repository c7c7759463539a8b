using System.Collections.Immutable;
using DrMesh.Core.Backups;
using DrMesh.Core.Estate;
using DrMesh.Grains.Estate;

namespace DrMesh.Grains.Backups.Unified;

/// <summary>Opens repositories by their names as the tiers of one.</summary>
internal sealed class ApplicationRepositories(AppliedEstates estates, IRepositoryFactory factory)
{
    /// <summary>Those of these names, first tier first.</summary>
    /// <param name="names">Their names in the estate.</param>
    /// <param name="subject">Whose they are, for the error when there is none.</param>
    /// <param name="cancellationToken">Ends waiting.</param>
    public async Task<IBackupRepository> OpenAsync(ImmutableArray<string> names, string subject, CancellationToken cancellationToken)
    {
        var estate = await estates.CurrentAsync(cancellationToken);
        return await factory.OpenAsync(RepositoryAddress.Describe(estate.Repositories(names), subject), cancellationToken);
    }
}

using DrMesh.Contracts.Backups;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.Catalogue;
using DrMesh.Grains.Estate;

namespace DrMesh.Grains.Backups.Catalogue;

/// <summary>Rebuilds the catalogue. What it knows of a running rebuild dies with its activation, and asking again begins again.</summary>
internal sealed class CatalogueGrain(AppliedEstates estates, IRepositoryFactory repositories, IBackupCatalogue catalogue) : Grain, ICatalogueGrain
{
    private CatalogueRebuildRun? _run;

    public async Task<CatalogueRebuild> Rebuild(CancellationToken cancellationToken)
    {
        if (_run is not { State.IsRunning: true })
        {
            _run = CatalogueRebuildRun.Start((await estates.CurrentAsync(cancellationToken)).Repositories, repositories, catalogue);
            DelayDeactivation(TimeSpan.FromDays(1));
        }

        return _run.State;
    }

    public Task<CatalogueRebuild?> Rebuilding(CancellationToken cancellationToken) => Task.FromResult(_run?.State);
}

using System.Collections.Immutable;
using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Backups.Unified;
using DrMesh.Core.Backups.Catalogue;
using DrMesh.Core.Backups.Unified;
using DrMesh.Core.Estate;
using DrMesh.Grains.Estate;

namespace DrMesh.Grains.Backups.Unified;

/// <summary>An application's unified backups: the list from the catalogue, one from the repositories of its policy.</summary>
internal sealed class ApplicationBackupsGrain(AppliedEstates estates, ApplicationManifests manifests, IBackupCatalogue catalogue, BackupRemoval removal) : Grain, IApplicationBackupsGrain
{
    private string Application => this.GetPrimaryKeyString();

    public async Task<ImmutableArray<UnifiedBackupEntry>> List(BackupFilter filter, CancellationToken cancellationToken)
    {
        // Throws with the nearest name.
        _ = (await estates.CurrentAsync(cancellationToken)).Application(Application);
        var rows = await catalogue.ListAsync(CatalogueQuery.Of(Application, filter) with { Engine = UnifiedManifest.Engine }, cancellationToken);
        return [.. rows.Select(row => UnifiedManifest.Of(row).ToEntry(row)).OrderByDescending(backup => backup.TakenAt)];
    }

    public Task<UnifiedBackupEntry?> Find(BackupId id, CancellationToken cancellationToken) =>
        Task.Run(() => manifests.FindAsync(Application, id, cancellationToken), cancellationToken);

    public Task<DeleteBackupResult> Delete(DeleteBackup request, CancellationToken cancellationToken) => Task.Run(
        async () => await manifests.FindAsync(Application, request.Id, cancellationToken) is { } backup
            ? await removal.RemoveAsync(backup, cancellationToken)
            : new DeleteBackupResult { IsRemoved = true },
        cancellationToken);
}

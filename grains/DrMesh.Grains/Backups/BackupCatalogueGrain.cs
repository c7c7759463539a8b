using System.Collections.Immutable;
using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Databases;
using DrMesh.Core.Backups.Catalogue;
using DrMesh.Core.Estate;
using DrMesh.Grains.Estate;

namespace DrMesh.Grains.Backups;

/// <summary>A cluster's or file tree's backups: the list from the catalogue, one from the repositories of its policy. What it knows of running verifications dies with its activation, and asking again begins again.</summary>
internal sealed class BackupCatalogueGrain(AppliedEstates estates, ClusterRepositories repositories, IBackupCatalogue catalogue, BackupRemoval removal) : Grain, IBackupCatalogueGrain
{
    private readonly Dictionary<BackupId, VerificationRun> _verifications = [];

    private ClusterId Cluster => new(this.GetPrimaryKeyString());

    public async Task<ImmutableArray<BackupEntry>> List(BackupFilter filter, CancellationToken cancellationToken)
    {
        // Throws with the nearest name.
        _ = (await estates.CurrentAsync(cancellationToken)).BackupPolicyOf(Cluster.Value);
        return [.. (await catalogue.ListAsync(CatalogueQuery.Of(Cluster.Value, filter), cancellationToken)).Select(BackupEntries.Of)];
    }

    public Task<BackupEntry?> Find(BackupId id, CancellationToken cancellationToken) => Task.Run(async () =>
    {
        await using var repository = await repositories.OpenAsync(Cluster, cancellationToken);
        return await repository.FindAsync(id, cancellationToken) is { } summary && summary.Source == Cluster.Value ? BackupEntries.Of(summary) : null;
    }, cancellationToken);

    public Task<BackupVerification> Verify(BackupId id, CancellationToken cancellationToken)
    {
        if (!_verifications.TryGetValue(id, out var run) || !run.State.IsRunning)
        {
            run = VerificationRun.Start(repositories, Cluster, id);
            _verifications[id] = run;
            DelayDeactivation(TimeSpan.FromDays(1));
        }

        return Task.FromResult(run.State);
    }

    public Task<BackupVerification?> Verification(BackupId id, CancellationToken cancellationToken) =>
        Task.FromResult(_verifications.GetValueOrDefault(id)?.State);

    public Task<DeleteBackupResult> Delete(DeleteBackup request, CancellationToken cancellationToken) =>
        Task.Run(() => removal.RemoveAsync(Cluster, request.Id, cancellationToken), cancellationToken);
}

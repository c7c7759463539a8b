using System.Collections.Immutable;
using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Backups.Unified;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.Unified;
using DrMesh.Core.Estate;
using DrMesh.Grains.Estate;

namespace DrMesh.Grains.Backups.Unified;

/// <summary>Reads an application's unified backups from the repositories of its policy.</summary>
internal sealed class ApplicationBackupsGrain(AppliedEstates estates, ApplicationRepositories repositories) : Grain, IApplicationBackupsGrain
{
    private string Application => this.GetPrimaryKeyString();

    public Task<ImmutableArray<UnifiedBackupEntry>> List(BackupFilter filter, CancellationToken cancellationToken) => Task.Run(async () =>
    {
        await using var repository = await OpenAsync(cancellationToken);
        var found = new List<UnifiedBackupEntry>();
        await foreach (var summary in repository.ListAsync(Application, cancellationToken))
        {
            if (summary.Engine == UnifiedManifest.Engine && !(summary.CompletedAt < filter.Since)
                && filter.Labels.All(label => summary.Labels.GetValueOrDefault(label.Key) == label.Value))
            {
                found.Add(UnifiedManifest.Of(summary).ToEntry(summary));
            }
        }

        return found.OrderByDescending(backup => backup.TakenAt).Take(filter.Limit).ToImmutableArray();
    }, cancellationToken);

    public Task<UnifiedBackupEntry?> Find(BackupId id, CancellationToken cancellationToken) => Task.Run(async () =>
    {
        await using var repository = await OpenAsync(cancellationToken);
        return await repository.FindAsync(id, cancellationToken) is { Engine: UnifiedManifest.Engine } summary && summary.Source == Application
            ? UnifiedManifest.Of(summary).ToEntry(summary)
            : null;
    }, cancellationToken);

    private async Task<IBackupRepository> OpenAsync(CancellationToken cancellationToken)
    {
        var estate = await estates.CurrentAsync(cancellationToken);
        var policy = estate.Policy(estate.Application(Application).Policy).Backup;
        return await repositories.OpenAsync(policy.Repositories, Application, cancellationToken);
    }
}

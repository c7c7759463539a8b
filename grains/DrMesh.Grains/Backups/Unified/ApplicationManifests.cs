using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Backups.Unified;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.Unified;
using DrMesh.Core.Estate;
using DrMesh.Grains.Estate;

namespace DrMesh.Grains.Backups.Unified;

/// <summary>An application's unified backups as the repositories of its policy hold them: what a restore goes by.</summary>
internal sealed class ApplicationManifests(AppliedEstates estates, ApplicationRepositories repositories)
{
    /// <summary>One; null: no tier has it.</summary>
    public async Task<UnifiedBackupEntry?> FindAsync(string application, BackupId id, CancellationToken cancellationToken)
    {
        await using var repository = await OpenAsync(application, cancellationToken);
        return await repository.FindAsync(id, cancellationToken) is { Engine: UnifiedManifest.Engine } summary && summary.Source == application
            ? UnifiedManifest.Of(summary).ToEntry(summary)
            : null;
    }

    /// <summary>The names of all.</summary>
    public async Task<IReadOnlyList<string>> NamesAsync(string application, CancellationToken cancellationToken)
    {
        await using var repository = await OpenAsync(application, cancellationToken);
        var names = new List<string>();
        await foreach (var summary in repository.ListAsync(application, cancellationToken))
        {
            if (summary.Engine == UnifiedManifest.Engine)
            {
                names.Add(summary.Id.Value);
            }
        }

        return names;
    }

    /// <summary>The newest that fits; null: there is none.</summary>
    public async Task<UnifiedBackupEntry?> NewestAsync(string application, Func<UnifiedBackupEntry, bool> fits, CancellationToken cancellationToken)
    {
        await using var repository = await OpenAsync(application, cancellationToken);
        UnifiedBackupEntry? newest = null;
        await foreach (var summary in repository.ListAsync(application, cancellationToken))
        {
            if (summary.Engine == UnifiedManifest.Engine && UnifiedManifest.Of(summary).ToEntry(summary) is var entry && fits(entry) && !(entry.TakenAt <= newest?.TakenAt))
            {
                newest = entry;
            }
        }

        return newest;
    }

    /// <summary>The repositories they are in.</summary>
    public async Task<IBackupRepository> OpenAsync(string application, CancellationToken cancellationToken)
    {
        var estate = await estates.CurrentAsync(cancellationToken);
        return await repositories.OpenAsync(estate.Policy(estate.Application(application).Policy).Backup.Repositories, application, cancellationToken);
    }
}

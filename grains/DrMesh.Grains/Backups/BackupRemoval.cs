using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Backups.Unified;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.Catalogue;
using DrMesh.Grains.Backups.Unified;

namespace DrMesh.Grains.Backups;

/// <summary>
/// Removes backups. What others need stays: the last backup of a source, which every recovery window begins with, and the parts of a unified backup as long as that is there.
/// </summary>
internal sealed class BackupRemoval(ClusterRepositories repositories, ApplicationManifests manifests, IBackupCatalogue catalogue)
{
    /// <summary>Removes one backup of a cluster or file tree.</summary>
    public async Task<DeleteBackupResult> RemoveAsync(ClusterId source, BackupId id, CancellationToken cancellationToken)
    {
        await using var repository = await repositories.OpenAsync(source, cancellationToken);
        return await WhatNeedsAsync(repository, source, id, cancellationToken) is { } reason
            ? new DeleteBackupResult { IsRemoved = false, Reason = reason }
            : await RemoveAsync(repository, source.Value, id, cancellationToken);
    }

    /// <summary>Removes a unified backup, then its parts: killed in between, the parts are backups of their own.</summary>
    public async Task<DeleteBackupResult> RemoveAsync(UnifiedBackupEntry backup, CancellationToken cancellationToken)
    {
        foreach (var part in backup.Parts)
        {
            await using var repository = await OpenAsync(part, cancellationToken);
            if (await IsLastAsync(repository, part.Name, part.Backup, cancellationToken))
            {
                return new DeleteBackupResult { IsRemoved = false, Reason = $"its part {part.Backup} is the only backup of {part.Name}; make another first" };
            }
        }

        await using (var repository = await manifests.OpenAsync(backup.Application, cancellationToken))
        {
            if (await RemoveAsync(repository, backup.Application, backup.Id, cancellationToken) is { IsRemoved: false } kept)
            {
                return kept;
            }
        }

        foreach (var part in backup.Parts)
        {
            await using var repository = await OpenAsync(part, cancellationToken);
            if (await RemoveAsync(repository, part.Name, part.Backup, cancellationToken) is { IsRemoved: false } kept)
            {
                return new DeleteBackupResult { IsRemoved = false, Reason = $"the unified backup is removed, its part {part.Backup} of {part.Name} is not: {kept.Reason}" };
            }
        }

        return new DeleteBackupResult { IsRemoved = true };
    }

    private Task<IBackupRepository> OpenAsync(UnifiedBackupPart part, CancellationToken cancellationToken) =>
        repositories.OpenAsync(new ClusterId(part.Name), part.Repositories, cancellationToken);

    private async Task<DeleteBackupResult> RemoveAsync(IBackupRepository repository, string source, BackupId id, CancellationToken cancellationToken)
    {
        try
        {
            await repository.DeleteAsync(id, cancellationToken);
            await catalogue.ForgetAsync(source, [id], cancellationToken);
            return new DeleteBackupResult { IsRemoved = true };
        }
        catch (DrMeshException locked) when (locked.Code == DrMeshError.RepositoryObjectLocked)
        {
            return new DeleteBackupResult { IsRemoved = false, Reason = locked.Message };
        }
    }

    private async Task<string?> WhatNeedsAsync(IBackupRepository repository, ClusterId source, BackupId id, CancellationToken cancellationToken)
    {
        if (await repository.FindAsync(id, cancellationToken) is { } found
            && found.Labels.TryGetValue(UnifiedLabels.Unified, out var unified) && found.Labels.TryGetValue(UnifiedLabels.Application, out var application)
            && await FindAsync(application, new BackupId(unified), cancellationToken) is not null)
        {
            return $"it is a part of unified backup {unified} of {application}; drmesh backup delete --app {application} {unified} removes both";
        }

        return await IsLastAsync(repository, source.Value, id, cancellationToken) ? $"it is the only backup of {source}; make another first" : null;
    }

    private async Task<UnifiedBackupEntry?> FindAsync(string application, BackupId id, CancellationToken cancellationToken)
    {
        try
        {
            return await manifests.FindAsync(application, id, cancellationToken);
        }
        catch (DrMeshException unknown) when (unknown.Code == DrMeshError.EstateUnknownName)
        {
            // The application was taken out of the estate: nobody restores it as a whole any more.
            return null;
        }
    }

    private static async Task<bool> IsLastAsync(IBackupRepository repository, string source, BackupId id, CancellationToken cancellationToken)
    {
        var ids = new List<BackupId>();
        await foreach (var summary in repository.ListAsync(source, cancellationToken))
        {
            ids.Add(summary.Id);
        }

        return ids is [var only] && only == id;
    }
}

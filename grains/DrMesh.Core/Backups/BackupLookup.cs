using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Errors;

namespace DrMesh.Core.Backups;

/// <summary>Finds a backup that a person named.</summary>
public static class BackupLookup
{
    /// <summary>The backup.</summary>
    /// <param name="repository">Where it is looked for.</param>
    /// <param name="id">Its name as it was typed.</param>
    /// <param name="otherwise">The next step when no name is near.</param>
    /// <param name="cancellationToken">Ends waiting.</param>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.RepositoryBackupUnknown"/>: no tier has it; the hint names the nearest that one has.</exception>
    public static async Task<BackupSummary> FindKnownAsync(this IBackupRepository repository, BackupId id, string otherwise, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(repository);
        if (await repository.FindAsync(id, cancellationToken) is { } found)
        {
            return found;
        }

        var known = new List<string>();
        await foreach (var backup in repository.ListAsync(cancellationToken: cancellationToken))
        {
            known.Add(backup.Id.Value);
        }

        throw new DrMeshException(DrMeshError.RepositoryBackupUnknown, $"no tier has a backup {id}", NearestName.Of(id.Value, known) is { } near ? $"did you mean {near}?" : otherwise);
    }
}

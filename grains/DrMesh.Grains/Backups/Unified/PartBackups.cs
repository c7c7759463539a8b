using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Backups.Unified;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.Unified;
using DrMesh.Core.Sessions;

namespace DrMesh.Grains.Backups.Unified;

/// <summary>All backups a unified session can have made of one part.</summary>
internal static class PartBackups
{
    /// <summary>Their names.</summary>
    public static IEnumerable<BackupId> Of(SessionState<UnifiedBackupPlan> state, UnifiedPart part)
    {
        var attempts = part.Kind == PartKind.Files ? state.Find(UnifiedBackupMachine.TakePoint)?.Attempts ?? 0 : 0;
        return Enumerable.Range(1, attempts).Select(attempt => part.Snapshot(state.Plan.Backup, attempt)).Prepend(part.Copy(state.Plan.Backup));
    }

    /// <summary>Removes them; "not there" is success. Returns those an object lock holds.</summary>
    public static async Task<IReadOnlyList<BackupId>> RemoveAsync(IBackupRepository repository, IEnumerable<BackupId> ids, CancellationToken cancellationToken)
    {
        var locked = new List<BackupId>();
        foreach (var id in ids)
        {
            try
            {
                await repository.DeleteAsync(id, cancellationToken);
            }
            catch (DrMeshException held) when (held.Code == DrMeshError.RepositoryObjectLocked)
            {
                locked.Add(id);
            }
        }

        return locked;
    }
}

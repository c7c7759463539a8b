using System.Collections.Immutable;
using DrMesh.Contracts.Access;
using DrMesh.Contracts.Audit;

namespace DrMesh.Contracts.Backups;

/// <summary>The backups of one cluster or file tree; keyed by its name.</summary>
[Alias("drmesh.backup-catalogue")]
public interface IBackupCatalogueGrain : IGrainWithStringKey
{
    /// <summary>Its backups, the newest first, as the catalogue has them.</summary>
    [Alias("List"), LeastRole(AccessRole.Viewer)]
    Task<ImmutableArray<BackupEntry>> List(BackupFilter filter, CancellationToken cancellationToken = default);

    /// <summary>One backup as the repositories of its policy have it; null: no tier has it.</summary>
    [Alias("Find"), LeastRole(AccessRole.Viewer)]
    Task<BackupEntry?> Find(BackupId id, CancellationToken cancellationToken = default);

    /// <summary>Begins reading and checking every object of one backup; ask <see cref="Verification"/> for the result. Repeating it is safe.</summary>
    [Alias("Verify"), LeastRole(AccessRole.Operator)]
    Task<BackupVerification> Verify(BackupId id, CancellationToken cancellationToken = default);

    /// <summary>How the verification of one backup stands; null: none was begun since this silo took the catalogue over.</summary>
    [Alias("Verification"), LeastRole(AccessRole.Viewer)]
    Task<BackupVerification?> Verification(BackupId id, CancellationToken cancellationToken = default);

    /// <summary>
    /// Removes a backup from every tier, or says what keeps it: an object lock, a recovery window that begins with it. "Not there" is success.
    /// </summary>
    [Alias("Delete"), LeastRole(AccessRole.Operator), StateChanging("backup.delete")]
    Task<DeleteBackupResult> Delete(DeleteBackup request, CancellationToken cancellationToken = default);
}

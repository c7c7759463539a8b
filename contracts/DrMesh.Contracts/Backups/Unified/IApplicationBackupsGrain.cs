using System.Collections.Immutable;
using DrMesh.Contracts.Access;
using DrMesh.Contracts.Audit;

namespace DrMesh.Contracts.Backups.Unified;

/// <summary>The unified backups of one application, keyed by the application's name.</summary>
[Alias("drmesh.application-backups")]
public interface IApplicationBackupsGrain : IGrainWithStringKey
{
    /// <summary>Its backups, the newest first, as the catalogue has them. The filter's cluster is not looked at.</summary>
    [Alias("List"), LeastRole(AccessRole.Viewer)]
    Task<ImmutableArray<UnifiedBackupEntry>> List(BackupFilter filter, CancellationToken cancellationToken = default);

    /// <summary>One backup as the repositories of its policy have it; null: no tier has it.</summary>
    [Alias("Find"), LeastRole(AccessRole.Viewer)]
    Task<UnifiedBackupEntry?> Find(BackupId id, CancellationToken cancellationToken = default);

    /// <summary>Removes a backup with its parts from every tier, or says what keeps it. "Not there" is success.</summary>
    [Alias("Delete"), LeastRole(AccessRole.Operator), StateChanging("backup.delete")]
    Task<DeleteBackupResult> Delete(DeleteBackup request, CancellationToken cancellationToken = default);
}

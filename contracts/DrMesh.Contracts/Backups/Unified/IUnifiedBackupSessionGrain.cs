using DrMesh.Contracts.Access;
using DrMesh.Contracts.Audit;
using DrMesh.Contracts.Sessions;

namespace DrMesh.Contracts.Backups.Unified;

/// <summary>
/// One backup of an application at one consistency point; keyed by a session id of kind <see cref="SessionKinds.UnifiedBackup"/>. The backup it makes carries the session's id as its
/// name; its parts are backups of their own, named <c>SESSION.KIND.NAME</c>.
/// </summary>
[Alias("drmesh.unified-backup-session")]
public interface IUnifiedBackupSessionGrain : ISessionGrain
{
    /// <summary>
    /// Begins the backup, or says why not: the application is not in the estate, a policy names no repository or keeps no continuous archive, a fence has nothing that holds the writes,
    /// another backup of it runs. Repeating it is safe.
    /// </summary>
    [Alias("Start"), LeastRole(AccessRole.Operator), StateChanging("unified-backup.start")]
    Task<StartResult> Start(StartUnifiedBackup request, CancellationToken cancellationToken = default);
}

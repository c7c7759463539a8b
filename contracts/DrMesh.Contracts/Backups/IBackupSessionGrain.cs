using DrMesh.Contracts.Access;
using DrMesh.Contracts.Audit;
using DrMesh.Contracts.Sessions;

namespace DrMesh.Contracts.Backups;

/// <summary>One backup of a cluster; keyed by a session id of kind <see cref="SessionKinds.Backup"/>. The backup it makes carries the session's id as its name.</summary>
[Alias("drmesh.backup-session")]
public interface IBackupSessionGrain : ISessionGrain
{
    /// <summary>
    /// Begins the backup, or says why not: the cluster is not in the estate, its policy names no repository, another backup of it runs. Repeating it is safe.
    /// </summary>
    [Alias("Start"), LeastRole(AccessRole.Operator), StateChanging("backup.start")]
    Task<StartResult> Start(StartBackup request, CancellationToken cancellationToken = default);
}

using DrMesh.Contracts.Access;
using DrMesh.Contracts.Audit;
using DrMesh.Contracts.Sessions;

namespace DrMesh.Contracts.Restores.Unified;

/// <summary>One restore of an application; keyed by a session id of kind <see cref="SessionKinds.UnifiedRestore"/>.</summary>
[Alias("drmesh.unified-restore-session")]
public interface IUnifiedRestoreSessionGrain : ISessionGrain
{
    /// <summary>
    /// Begins the restore, or says why not: there is no such backup, it has no such part, a part would go where a member or copy lives. Repeating it is safe.
    /// </summary>
    [Alias("Start"), LeastRole(AccessRole.Operator), StateChanging("unified-restore.start")]
    Task<StartResult> Start(StartUnifiedRestore request, CancellationToken cancellationToken = default);
}

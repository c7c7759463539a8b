using DrMesh.Contracts.Access;
using DrMesh.Contracts.Audit;
using DrMesh.Contracts.Sessions;

namespace DrMesh.Contracts.Restores;

/// <summary>One restore or point-in-time recovery; keyed by a session id of kind <see cref="SessionKinds.Restore"/>.</summary>
[Alias("drmesh.restore-session")]
public interface IRestoreSessionGrain : ISessionGrain
{
    /// <summary>Begins the restore by the plan that <see cref="IRestorePlannerGrain"/> makes now, or says why not. Repeating it is safe.</summary>
    [Alias("Start"), LeastRole(AccessRole.Operator), StateChanging("restore.start")]
    Task<StartResult> Start(StartRestore request, CancellationToken cancellationToken = default);
}

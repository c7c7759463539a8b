using DrMesh.Contracts.Access;
using DrMesh.Contracts.Audit;
using DrMesh.Contracts.Sessions;

namespace DrMesh.Contracts.Recovery;

/// <summary>One failover, switchover or failback of one application; keyed by a session id of kind <see cref="SessionKinds.Recovery"/>.</summary>
[Alias("drmesh.dr-session")]
public interface IDrSessionGrain : ISessionGrain
{
    /// <summary>Begins it, or says why not: what <see cref="IRecoveryPlannerGrain.Preview"/> lists as blocks, or another session of the application. Repeating it is safe.</summary>
    [Alias("Start"), LeastRole(AccessRole.Operator), StateChanging("recovery.start")]
    Task<StartResult> Start(StartRecovery request, CancellationToken cancellationToken = default);
}

using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Recovery;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Recovery;
using DrMesh.Core.Sessions;
using DrMesh.Grains.Sessions;
using Orleans.Placement;

namespace DrMesh.Grains.Recovery;

/// <summary>The durable failover, switchover or failback of one application. It lives where it is begun: whoever found a region gone is not in it.</summary>
[GrainType(SessionGrains.GrainTypePrefix + SessionKinds.Recovery), PreferLocalPlacement]
internal sealed class DrSessionGrain(
    [PersistentState("session")] IPersistentState<StoredSession<RecoveryPlan>> state, SessionServices<RecoveryPlan> services, RecoveryFactsReader facts, RecoveryHooks hooks)
    : SessionGrain<RecoveryPlan>(state, services), IDrSessionGrain
{
    public async Task<StartResult> Start(StartRecovery request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            var (plan, blocks, _) = RecoveryPlanner.Plan(await facts.ReadAsync(request, cancellationToken));
            return plan is null
                ? StartResult.Refused(
                    DrMeshError.RecoveryBlocked, string.Join("; ", blocks), $"drmesh {request.Kind.ToString().ToLowerInvariant()} {request.Application} --plan shows everything that stands in the way")
                : await BeginAsync(plan.Application, Title(request, plan), plan);
        }
        catch (DrMeshException unknown) when (unknown.Code == DrMeshError.EstateUnknownName)
        {
            return StartResult.Refused(unknown.Code, unknown.Message, unknown.Hint);
        }
    }

    /// <inheritdoc/>
    protected override void OnMoved(SessionState<RecoveryPlan> state, IReadOnlyList<SessionTransition> moved) => hooks.Tell(state, moved);

    private static string Title(StartRecovery request, RecoveryPlan plan) =>
        $"{(request.IsAutomatic ? "automatic " : "")}{request.Kind.ToString().ToLowerInvariant()} of {plan.Application} from {plan.From}{(plan.To is { } to ? $" to {to}" : "")}: {request.Reason}";
}

using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Restores.Unified;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Restores.Unified;
using DrMesh.Grains.Sessions;

namespace DrMesh.Grains.Restores.Unified;

/// <summary>The durable restore of one application.</summary>
[GrainType(SessionGrains.GrainTypePrefix + SessionKinds.UnifiedRestore)]
internal sealed class UnifiedRestoreSessionGrain(
    [PersistentState("session")] IPersistentState<StoredSession<UnifiedRestorePlan>> state, SessionServices<UnifiedRestorePlan> services, UnifiedRestorePlanning planning)
    : SessionGrain<UnifiedRestorePlan>(state, services), IUnifiedRestoreSessionGrain
{
    public async Task<StartResult> Start(StartUnifiedRestore request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            var (plan, shown) = await planning.PlanAsync(request, cancellationToken);
            return plan is null
                ? StartResult.Refused(DrMeshError.RestoreTargetUnusable, shown.Refusal!, shown.Hint!)
                : await BeginAsync(
                    string.Join(' ', plan.Parts.Select(part => $"{part.To.Node}{part.To.Set}:{part.To.Directory}")), $"restore of {plan.Application} from {plan.Backup} to {plan.Stop}", plan);
        }
        catch (DrMeshException unknown) when (unknown.Code == DrMeshError.EstateUnknownName)
        {
            return StartResult.Refused(unknown.Code, unknown.Message, unknown.Hint);
        }
    }
}

using DrMesh.Contracts.Backups.Unified;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Backups.Unified;
using DrMesh.Grains.Estate;
using DrMesh.Grains.Sessions;

namespace DrMesh.Grains.Backups.Unified;

/// <summary>The durable backup of one application.</summary>
[GrainType(SessionGrains.GrainTypePrefix + SessionKinds.UnifiedBackup)]
internal sealed class UnifiedBackupSessionGrain(
    [PersistentState("session")] IPersistentState<StoredSession<UnifiedBackupPlan>> state, SessionServices<UnifiedBackupPlan> services, AppliedEstates estates)
    : SessionGrain<UnifiedBackupPlan>(state, services), IUnifiedBackupSessionGrain
{
    public async Task<StartResult> Start(StartUnifiedBackup request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            var (plan, refusal) = UnifiedPlanner.Plan(await estates.CurrentAsync(cancellationToken), request, Id);
            return plan is null ? refusal! : await BeginAsync(
                plan.Application, $"{(plan.IsFull ? "full " : "")}unified backup of {plan.Application} ({plan.Consistency.Mode.ToString().ToLowerInvariant()})", plan);
        }
        catch (DrMeshException unknown) when (unknown.Code == DrMeshError.EstateUnknownName)
        {
            return StartResult.Refused(unknown.Code, unknown.Message, unknown.Hint);
        }
    }
}

using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Restores.Unified;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Restores.Unified;
using DrMesh.Grains.Backups.Unified;
using DrMesh.Grains.Estate;
using DrMesh.Grains.Sessions;

namespace DrMesh.Grains.Restores.Unified;

/// <summary>The durable restore of one application.</summary>
[GrainType(SessionGrains.GrainTypePrefix + SessionKinds.UnifiedRestore)]
internal sealed class UnifiedRestoreSessionGrain(
    [PersistentState("session")] IPersistentState<StoredSession<UnifiedRestorePlan>> state, SessionServices<UnifiedRestorePlan> services, AppliedEstates estates, ApplicationManifests manifests)
    : SessionGrain<UnifiedRestorePlan>(state, services), IUnifiedRestoreSessionGrain
{
    public async Task<StartResult> Start(StartUnifiedRestore request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            var estate = await estates.CurrentAsync(cancellationToken);
            // The repositories are asked, not the catalogue: a row that is missing there must not lead to an older backup.
            var backup = await Task.Run(
                () => request.Backup is { } id
                    ? manifests.FindAsync(request.Application, id, cancellationToken)
                    : manifests.NewestAsync(request.Application, request.Until, cancellationToken),
                cancellationToken);
            if (backup is null)
            {
                return StartResult.Refused(
                    DrMeshError.RepositoryBackupUnknown,
                    $"no tier has a unified backup {(request.Backup is { } named ? $"{named} " : "")}of {request.Application}{(request.Until is { } time ? $" from before {time:u}" : "")}",
                    $"drmesh backup list --app {request.Application} shows what there is");
            }

            var (plan, refusal) = UnifiedRestorePlanner.Plan(estate, request, backup);
            return plan is null ? refusal! : await BeginAsync(
                string.Join(' ', plan.Parts.Select(part => $"{part.To.Node}{part.To.Set}:{part.To.Directory}")), $"restore of {plan.Application} from {plan.Backup}", plan);
        }
        catch (DrMeshException unknown) when (unknown.Code == DrMeshError.EstateUnknownName)
        {
            return StartResult.Refused(unknown.Code, unknown.Message, unknown.Hint);
        }
    }
}

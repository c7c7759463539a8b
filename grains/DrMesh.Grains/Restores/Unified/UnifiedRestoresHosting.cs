using DrMesh.Core.Restores.Unified;
using DrMesh.Core.Sessions;
using DrMesh.Grains.Restores.Unified;
using DrMesh.Grains.Restores.Unified.Steps;
using DrMesh.Grains.Work;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Wiring of unified restores.</summary>
public static class UnifiedRestoresHosting
{
    /// <summary>Adds them; needs <c>AddDrMeshRestores</c> and <c>AddDrMeshUnifiedBackups</c>.</summary>
    public static IServiceCollection AddDrMeshUnifiedRestores(this IServiceCollection services)
    {
        services.AddSingleton<IWorker, PartRestoreWorker>();
        services.AddSingleton<PartStops>();
        services.AddSingleton<UnifiedRestorePlanning>();
        services.AddSessionKind(UnifiedRestoreMachine.Machine);
        services.AddSingleton<IStepRunner<UnifiedRestorePlan>, CheckPlaceStep>();
        services.AddSingleton<IStepRunner<UnifiedRestorePlan>, RestorePartStep>();
        services.AddSingleton<IStepRunner<UnifiedRestorePlan>, FindMarkerStep>();
        services.AddSingleton<IStepRunner<UnifiedRestorePlan>, RestoreStateStep>();
        services.AddSingleton<IStepRunner<UnifiedRestorePlan>, StopPartStep>();
        return services;
    }
}

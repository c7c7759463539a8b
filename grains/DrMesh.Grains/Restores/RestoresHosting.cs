using DrMesh.Core.Restores.Sessions;
using DrMesh.Core.Sessions;
using DrMesh.Grains.Restores;
using DrMesh.Grains.Restores.Steps;
using DrMesh.Grains.Work;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Wiring of restore sessions.</summary>
public static class RestoresHosting
{
    /// <summary>Adds restores; needs <c>AddDrMeshBackups</c>.</summary>
    public static IServiceCollection AddDrMeshRestores(this IServiceCollection services)
    {
        services.AddSingleton<RestoreHistory>();
        services.AddSingleton<IWorker, RestoreWorker>();
        services.AddSessionKind(RestoreMachine.Machine);
        services.AddSingleton<IStepRunner<RestorePlan>, RestoreBaseStep>();
        services.AddSingleton<IStepRunner<RestorePlan>, ReplayLogStep>();
        services.AddSingleton<IStepRunner<RestorePlan>, ValidateReachedStep>();
        services.AddSingleton<IStepRunner<RestorePlan>, StopRestoredStep>();
        return services;
    }
}

using DrMesh.Core.Recovery;
using DrMesh.Core.Sessions;
using DrMesh.Grains.Recovery;
using DrMesh.Grains.Recovery.Detection;
using DrMesh.Grains.Recovery.Steps;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Wiring of failover, switchover and failback.</summary>
public static class RecoveryHosting
{
    /// <summary>Adds them; needs <c>AddDrMeshDatabases</c>, <c>AddDrMeshTraffic</c>, an <see cref="IPrimaryProbeFactory"/>, and an <see cref="DrMesh.Core.Traffic.IHookRunner"/>.</summary>
    public static IServiceCollection AddDrMeshRecovery(this IServiceCollection services)
    {
        services.AddSingleton<RecoveryFactsReader>();
        services.AddSingleton<RecoveryMembersFactory>();
        services.AddSingleton<RecoveryHooks>();
        services.AddSessionKind(DrSession.Machine);
        foreach (var step in typeof(ClusterStep).Assembly.GetTypes().Where(type => !type.IsAbstract && type.IsAssignableTo(typeof(IStepRunner<RecoveryPlan>))))
        {
            services.AddSingleton(typeof(IStepRunner<RecoveryPlan>), step);
        }

        services.AddSingleton<PrimaryObserver>();
        services.AddHostedService(provider => provider.GetRequiredService<PrimaryObserver>());
        services.AddHostedService<AutomaticFailover>();
        return services;
    }
}

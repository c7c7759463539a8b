using DrMesh.Core.Recovery;
using DrMesh.Core.Sessions;
using DrMesh.Grains.Recovery;
using DrMesh.Grains.Recovery.Detection;
using DrMesh.Grains.Recovery.Sites;
using DrMesh.Grains.Recovery.Steps;
using DrMesh.Grains.Work;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Wiring of failover, switchover and failback.</summary>
public static class RecoveryHosting
{
    /// <summary>Adds them; needs <c>AddDrMeshDatabases</c>, <c>AddDrMeshTraffic</c>, <c>AddDrMeshRestores</c> for sites that come up from a repository, an <see cref="IPrimaryProbeFactory"/>, an <see cref="DrMesh.Core.Recovery.ReplicaSets.IReplicaSetControl"/>, and an <see cref="DrMesh.Core.Traffic.IHookRunner"/>.</summary>
    public static IServiceCollection AddDrMeshRecovery(this IServiceCollection services)
    {
        services.AddSingleton<RecoveryFactsReader>();
        services.AddSingleton<ReplicaSets>();
        services.AddSingleton<RecoveryMembersFactory>();
        services.AddSingleton<RecoveryHooks>();
        services.TryAddSingleton<SiteRepositories>();
        services.AddSingleton<IWorker, SiteWorker>();
        services.AddSessionKind(DrSession.Machine);
        services.AddSingleton<IStepRunner<RecoveryPlan>, RejoinFormerStep>();
        services.AddSingleton<IStepRunner<RecoveryPlan>, AwaitSyncStep>();
        services.AddSingleton<IStepRunner<RecoveryPlan>, ObserveMembersStep>();
        services.AddSingleton<IStepRunner<RecoveryPlan>, CallBeforeStep>();
        services.AddSingleton<IStepRunner<RecoveryPlan>, RestoreSiteStep>();
        services.AddSingleton<IStepRunner<RecoveryPlan>, FollowArchiveStep>();
        services.AddSingleton<IStepRunner<RecoveryPlan>, RaiseEpochStep>();
        services.AddSingleton<IStepRunner<RecoveryPlan>, CollectPromisesStep>();
        services.AddSingleton<IStepRunner<RecoveryPlan>, FenceOldPrimaryStep>();
        services.AddSingleton<IStepRunner<RecoveryPlan>, AwaitLeaseStep>();
        services.AddSingleton<IStepRunner<RecoveryPlan>, PrepareCheckpointStep>();
        services.AddSingleton<IStepRunner<RecoveryPlan>, StopWritesStep>();
        services.AddSingleton<IStepRunner<RecoveryPlan>, AwaitCaughtUpStep>();
        services.AddSingleton<IStepRunner<RecoveryPlan>, ChooseCandidateStep>();
        services.AddSingleton<IStepRunner<RecoveryPlan>, PromoteCandidateStep>();
        services.AddSingleton<IStepRunner<RecoveryPlan>, RepointStandbysStep>();
        services.AddSingleton<IStepRunner<RecoveryPlan>, ApplyDurabilityStep>();
        services.AddSingleton<IStepRunner<RecoveryPlan>, ProveWriteStep>();
        services.AddSingleton<IStepRunner<RecoveryPlan>, SwitchServiceStep>();
        services.AddSingleton<IStepRunner<RecoveryPlan>, RejoinOldPrimaryStep>();
        services.AddSingleton<IStepRunner<RecoveryPlan>, WatchStabilityStep>();
        services.AddSingleton<IStepRunner<RecoveryPlan>, CallAfterStep>();
        services.AddSingleton<IStepRunner<RecoveryPlan>, ReturnToOldPrimaryStep>();

        services.AddSingleton<IStepRunner<RecoveryPlan>, RejoinSetMembersStep>();
        services.AddSingleton<IStepRunner<RecoveryPlan>, RaiseSetEpochStep>();
        services.AddSingleton<IStepRunner<RecoveryPlan>, ChooseSetPrimaryStep>();
        services.AddSingleton<IStepRunner<RecoveryPlan>, MoveSetPrimaryStep>();
        services.AddSingleton<IStepRunner<RecoveryPlan>, ProveSetWriteStep>();
        services.AddSingleton<IStepRunner<RecoveryPlan>, SettleSetStep>();
        services.AddSingleton<IStepRunner<RecoveryPlan>, ReleaseSetStep>();

        services.AddHostedService<FormerMemberFence>();
        services.AddSingleton<PrimaryObserver>();
        services.AddHostedService(provider => provider.GetRequiredService<PrimaryObserver>());
        services.AddHostedService<AutomaticFailover>();
        services.AddHostedService<FailoverRehearsal>();
        return services;
    }
}

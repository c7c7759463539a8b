using DrMesh.Core.Backups.Unified;
using DrMesh.Core.Sessions;
using DrMesh.Grains.Backups.Catalogue;
using DrMesh.Grains.Backups.Unified;
using DrMesh.Grains.Backups.Unified.Steps;
using DrMesh.Grains.Work;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Wiring of unified backups.</summary>
public static class UnifiedBackupsHosting
{
    /// <summary>Adds them; needs <c>AddDrMeshBackups</c>, the engines of PostgreSQL, MongoDB and files, and an <c>IHookRunner</c>.</summary>
    public static IServiceCollection AddDrMeshUnifiedBackups(this IServiceCollection services)
    {
        services.AddSingleton<ApplicationHooks>();
        services.AddSingleton<PostgresPrimary>();
        services.AddSingleton<PartPoints>();
        services.AddSingleton<WriteFence>();
        services.AddSingleton<IWorker, TreeWorker>();
        services.AddSingleton<IWorker, ReplicaSetWorker>();
        services.AddSessionKind(UnifiedBackupMachine.Machine);
        services.AddSingleton<IStepRunner<UnifiedBackupPlan>, CopyPartStep>();
        services.AddSingleton<IStepRunner<UnifiedBackupPlan>, TakePointStep>();
        services.AddSingleton<IStepRunner<UnifiedBackupPlan>, ResumeApplicationStep>();
        services.AddSingleton<IStepRunner<UnifiedBackupPlan>, SealPartStep>();
        services.AddSingleton<IStepRunner<UnifiedBackupPlan>, CrossValidateStep>();
        services.AddSingleton<IStepRunner<UnifiedBackupPlan>, RecordManifestStep>();
        services.AddSingleton<IStepRunner<UnifiedBackupPlan>, ConfirmCompleteStep>();
        services.AddSingleton<IStepRunner<UnifiedBackupPlan>, RemovePartStep>();
        services.AddSingleton<IStepRunner<UnifiedBackupPlan>, RecordUnifiedBackupStep>();
        return services;
    }
}

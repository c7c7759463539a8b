using DrMesh.Core.Backups.Catalogue;
using DrMesh.Core.Backups.Sessions;
using DrMesh.Core.Sessions;
using DrMesh.Grains.Backups;
using DrMesh.Grains.Backups.Archive;
using DrMesh.Grains.Backups.Catalogue;
using DrMesh.Grains.Backups.Steps;
using DrMesh.Grains.Backups.Unified;
using DrMesh.Grains.Estate;
using DrMesh.Grains.Work;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Wiring of backup sessions.</summary>
public static class BackupsHosting
{
    /// <summary>Adds backups; needs <c>AddDrMeshSessions</c>, the control store, placement, an <c>IPostgresEngine</c> and an <c>IRepositoryFactory</c>.</summary>
    public static IServiceCollection AddDrMeshBackups(this IServiceCollection services)
    {
        services.TryAddSingleton<AppliedEstates>();
        services.TryAddSingleton<NodeWork>();
        services.AddSingleton<ClusterRepositories>();
        services.AddSingleton<ApplicationRepositories>();
        services.AddSingleton<ApplicationManifests>();
        services.AddSingleton<BackupRemoval>();
        services.AddSingleton<ArchiveInstruments>();
        services.AddSingleton<IWorker, BackupWorker>();
        services.TryAddSingleton<IBackupCatalogue, PostgresBackupCatalogue>();
        services.AddHostedService<ArchiveSupervisor>();
        services.AddSessionKind(BackupMachine.Machine);
        services.AddSingleton<IStepRunner<BackupPlan>, ChooseSourceStep>();
        services.AddSingleton<IStepRunner<BackupPlan>, RunBackupStep>();
        services.AddSingleton<IStepRunner<BackupPlan>, ValidateBackupStep>();
        services.AddSingleton<IStepRunner<BackupPlan>, ConfirmTiersStep>();
        services.AddSingleton<IStepRunner<BackupPlan>, RecordBackupStep>();
        return services;
    }
}

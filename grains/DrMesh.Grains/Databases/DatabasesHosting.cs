using DrMesh.Core.Recovery;
using DrMesh.Grains.Agents;
using DrMesh.Grains.Databases;
using DrMesh.Grains.Estate;
using DrMesh.Grains.Work;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Wiring of clusters and of the agents beside their servers.</summary>
public static class DatabasesHosting
{
    /// <summary>Adds them; needs the control store, sessions, placement, an <see cref="INodeAgentFactory"/> and an <see cref="IPrimaryProbeFactory"/>.</summary>
    public static IServiceCollection AddDrMeshDatabases(this IServiceCollection services)
    {
        services.TryAddSingleton<AppliedEstates>();
        services.TryAddSingleton<NodeWork>();
        services.AddSingleton<EstateCache>();
        services.AddHostedService(provider => provider.GetRequiredService<EstateCache>());
        services.AddSingleton<NodeAgents>();
        services.AddSingleton<MemberAgents>();
        services.AddSingleton<IWorker, RejoinWorker>();
        services.TryAddSingleton<IClusterRecords, PostgresClusterRecords>();
        services.TryAddSingleton<ILeaseRecords, PostgresLeaseRecords>();
        services.AddSingleton<LeaseRenewal>();
        services.AddSingleton<MemberLeases>();
        services.AddHostedService(provider => provider.GetRequiredService<MemberLeases>());
        services.AddSingleton<MemberBoard>();
        services.AddSingleton<ClusterKeeper>();
        services.AddSingleton<NameKeeper>();
        services.AddHostedService<MemberPolling>();
        return services;
    }
}

using DrMesh.Contracts.Regions;
using DrMesh.Grains.ControlStore;
using DrMesh.Grains.Regions;
using Microsoft.Extensions.DependencyInjection;

namespace Orleans.Hosting;

/// <summary>Wiring of what silos say of themselves and of each other.</summary>
public static class RegionsHosting
{
    /// <summary>Adds the watch over the mesh's silos; needs <c>AddDrMeshPlacement</c> and <c>AddDrMeshControlStore</c>.</summary>
    public static ISiloBuilder AddDrMeshRegions(this ISiloBuilder silo, NodeId node, string role, string clusterId)
    {
        silo.Services.AddSingleton(services =>
        {
            var time = services.GetRequiredService<TimeProvider>();
            return new SiloIdentity(node, role, clusterId, time.GetUtcNow(), time.GetTimestamp());
        });
        silo.Services.AddSingleton<ControlStoreMonitor>();
        silo.Services.AddHostedService(services => services.GetRequiredService<ControlStoreMonitor>());
        silo.Services.AddSingleton<SiloRoster>();
        silo.Services.AddSingleton<RegionWatch>();
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(services => services.GetRequiredService<RegionWatch>());
        silo.Services.AddSingleton<MeshInstruments>();
        return silo;
    }
}

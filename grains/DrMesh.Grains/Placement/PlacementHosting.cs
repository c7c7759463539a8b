using DrMesh.Contracts.Regions;
using DrMesh.Grains.Placement;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Placement;

namespace Orleans.Hosting;

/// <summary>Wiring of placement.</summary>
public static class PlacementHosting
{
    /// <summary>Names the silo after <paramref name="node"/> and places grains by the region and node in their keys.</summary>
    public static ISiloBuilder AddDrMeshPlacement(this ISiloBuilder silo, NodeId node)
    {
        silo.Services.PostConfigure<SiloOptions>(options => options.SiloName = node.ToString());
        silo.Services.AddSingleton<SiloNodes>();
        silo.Services.AddPlacementFilter<RegionPlacementStrategy, RegionPlacementDirector>(ServiceLifetime.Singleton);
        silo.Services.AddPlacementFilter<NodePlacementStrategy, NodePlacementDirector>(ServiceLifetime.Singleton);
        return silo;
    }
}

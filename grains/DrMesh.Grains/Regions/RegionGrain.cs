using DrMesh.Contracts.Regions;
using DrMesh.Grains.Placement;
using Orleans.Concurrency;

namespace DrMesh.Grains.Regions;

/// <summary>A region's word on itself, from what the watch of the silo it lives on has seen.</summary>
[PlacedInRegion, Reentrant]
internal sealed class RegionGrain(RegionWatch watch, SiloIdentity self, TimeProvider time) : Grain, IRegionGrain
{
    public async Task<RegionHealth> GetHealth(CancellationToken cancellationToken)
    {
        await watch.FirstLook.WaitAsync(cancellationToken);
        return new RegionHealth
        {
            Region = self.Node.Region,
            At = time.GetUtcNow(),
            Silos = watch.SilosOf(self.Node.Region),
            Sees = watch.Sightings,
        };
    }
}

using DrMesh.Grains.Placement;

namespace DrMesh.Grains.Tests.Placement;

[PlacedInRegion]
internal sealed class PlacedTestGrain(ILocalSiloDetails silo, IGrainFactory grains) : Grain, IPlacedTestGrain
{
    public Task<string> Where() => Task.FromResult(silo.Name);

    public Task<string> AskOther(string key) => grains.GetGrain<IPlacedTestGrain>(key).Where();
}

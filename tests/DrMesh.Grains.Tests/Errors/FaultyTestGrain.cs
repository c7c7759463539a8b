using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Regions;
using Npgsql;

namespace DrMesh.Grains.Tests.Errors;

internal sealed class FaultyTestGrain(IGrainFactory grains) : Grain, IFaultyTestGrain
{
    private static PostgresException Driver => new("relation \"session\" does not exist", "ERROR", "ERROR", "42P01");

    public override Task OnActivateAsync(CancellationToken cancellationToken) =>
        this.GetPrimaryKeyString() == "broken" ? throw Driver : Task.CompletedTask;

    public Task FailWithDriver() => throw Driver;

    public Task FailWithKnown() => throw new DrMeshException(DrMeshError.ControlStoreRefused, "the store refuses", "grant it", Driver);

    public Task FailWithRegion() => throw new RegionUnavailableException(new RegionId("eu"), new AggregateException(Driver));

    public Task FailWithData() => throw new InvalidOperationException("with baggage") { Data = { ["where"] = TimeProvider.System } };

    public Task FailPlainly() => throw new InvalidOperationException("plain");

    public async IAsyncEnumerable<int> Watch()
    {
        yield return 1;
        await Task.Yield();
        throw Driver;
    }

    public Task FailInAnother(string key) => grains.GetGrain<IFaultyTestGrain>(key).FailWithDriver();
}

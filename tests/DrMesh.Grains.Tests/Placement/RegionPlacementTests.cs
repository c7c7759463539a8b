using System.Diagnostics;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Regions;
using Orleans.TestingHost;

namespace DrMesh.Grains.Tests.Placement;

public sealed class RegionPlacementTests : IAsyncLifetime
{
    private static readonly string[] Regions = ["a", "b", "c"];
    private InProcessTestCluster _cluster = null!;

    public async ValueTask InitializeAsync()
    {
        var next = -1;
        var builder = new InProcessTestClusterBuilder((short)Regions.Length);
        builder.ConfigureSilo((_, silo) => silo.AddDrMeshPlacement(new NodeId(new RegionId(Regions[Interlocked.Increment(ref next)]), "n1")));
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public async ValueTask DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task Call_FromClient_LandsInTheKeysRegion()
    {
        foreach (var region in Regions)
        {
            (await Grain(region).Where()).ShouldBe($"{region}/n1");
        }
    }

    [Fact]
    public async Task Call_FromSilo_LandsInTheKeysRegion() => (await Grain("a").AskOther("b")).ShouldBe("b/n1");

    [Fact]
    public async Task Call_RegionWithoutASilo_FailsFastNamingItInClientAndSilo()
    {
        var started = Stopwatch.GetTimestamp();

        var inClient = await Should.ThrowAsync<RegionUnavailableException>(() => Grain("nowhere").Where());
        var inSilo = await Should.ThrowAsync<RegionUnavailableException>(() => Grain("a").AskOther("nowhere"));

        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(4));
        inClient.Region.ShouldBe(new RegionId("nowhere"));
        inSilo.Region.ShouldBe(new RegionId("nowhere"));
        inSilo.Code.ShouldBe(DrMeshError.RegionUnavailable);
    }

    private IPlacedTestGrain Grain(string region) => _cluster.Client.GetGrain<IPlacedTestGrain>(region);
}

using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Regions;
using DrMesh.TestKit.Mesh;

namespace DrMesh.Scenarios.Mesh;

/// <summary>A region without a silo is a fact that a caller learns quickly.</summary>
[Collection(nameof(Alone))]
public sealed class RegionUnavailableTests(ThreeRegions three, ITestOutputHelper output) : IClassFixture<ThreeRegions>, IAsyncLifetime
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private MeshFixture Mesh => three.Mesh;

    // What an earlier test ended runs again.
    public async ValueTask InitializeAsync() => await Mesh.UpAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Call_RegionWithoutASilo_FailsWithinTwoSecondsNamingTheRegion()
    {
        await using var connection = await Mesh.ConnectAsync();

        var (after, fault) = await RegionCalls.FailureOfAsync(() => connection.Grains.GetGrain<IRegionGrain>("nowhere").GetHealth(Cancel));

        fault.ShouldBeOfType<RegionUnavailableException>().Region.ShouldBe(new RegionId("nowhere"));
        after.ShouldBeLessThan(TimeSpan.FromSeconds(2));
        (await Should.ThrowAsync<NodeUnavailableException>(() => connection.Grains.GetGrain<ISiloGrain>("a/other").GetReport(Cancel)))
            .Node.ShouldBe(new NodeId(new RegionId("a"), "other"));
    }

    [Fact]
    public async Task Call_RegionWhoseSiloDiedAMomentAgo_FailsWithinTheContractsTimeOut()
    {
        await using var connection = await Mesh.ConnectAsync(nodes: ["a", "b"]);
        await connection.AwaitAllUpAsync();
        await connection.Grains.GetGrain<IRegionGrain>("c").GetHealth(Cancel);

        Mesh.Silo("c").Kill();
        var (after, fault) = await RegionCalls.FailureOfAsync(() => connection.Grains.GetGrain<IRegionGrain>("c").GetHealth(Cancel));
        var overview = await connection.OverviewAsync();

        output.WriteLine($"the first call after the kill failed after {after.TotalSeconds:0.00} s: {fault.Message}");
        // A call that was on its way when the silo died is lost without a word; the contract's time-out of 5 s, looked at once a second, ends it.
        after.ShouldBeLessThan(TimeSpan.FromSeconds(8));
        overview.Regions.Single(region => region.Region.Value == "a").State.ShouldBe(RegionState.Up);
        await connection.AwaitUnavailableAsync("c");
        overview = await connection.OverviewAsync();
        overview.Regions.Single(region => region.Region.Value == "c").State.ShouldBe(RegionState.Down);
    }
}

using DrMesh.Contracts.Regions;
using DrMesh.TestKit;
using DrMesh.TestKit.Mesh;

namespace DrMesh.Scenarios.Mesh;

/// <summary>S4 in small: a mesh without its control store goes on, says so, and needs nobody when the store is back.</summary>
public sealed class ControlStoreOutageTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task S4_ControlStoreKilledForAMinute_NoSiloDiesAndAllGoesOn()
    {
        await using var mesh = await MeshFixture.StartNewAsync();
        await using var connection = await mesh.ConnectAsync();
        await connection.AwaitAllUpAsync();
        var pids = mesh.Silos.Select(silo => silo.Pid).ToList();

        var killedAt = TimeProvider.System.GetUtcNow();
        await mesh.KillStoreAsync();
        var noticed = await AwaitStoreAsync(connection, reachable: false);
        output.WriteLine($"every silo says so {noticed.TotalSeconds:0.0} s after the kill");
        while (TimeProvider.System.GetUtcNow() - killedAt < Outage)
        {
            var overview = await connection.OverviewAsync();
            overview.ControlStore.IsReachable.ShouldBeFalse();
            (overview.ControlStore.Since - killedAt).Duration().ShouldBeLessThan(TimeSpan.FromSeconds(3));
            overview.Regions.SelectMany(region => region.Silos).ShouldAllBe(silo => silo.State == SiloState.Active);
            foreach (var region in new[] { "a", "b", "c" })
            {
                (await connection.Grains.GetGrain<IRegionGrain>(region).GetHealth(Cancel)).Silos.Length.ShouldBe(1);
            }

            await Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System, Cancel);
        }

        foreach (var silo in mesh.Silos)
        {
            var ready = (await silo.GetAsync("/readyz")).ShouldNotBeNull();
            ready.Status.ShouldBe(System.Net.HttpStatusCode.OK);
            ready.Body.ShouldContain("\"isReachable\":false");
        }

        await mesh.StartStoreAsync();
        var back = await AwaitStoreAsync(connection, reachable: true);
        output.WriteLine($"every silo sees the store again {back.TotalSeconds:0.0} s after its start");
        mesh.Silos.Select(silo => silo.Pid).ShouldBe(pids);
        mesh.Silos.ShouldAllBe(silo => silo.IsAlive);
        // Membership works again: a silo leaves and another joins.
        await mesh.Silo("c").StopAsync();
        await mesh.UpAsync();
        await connection.AwaitAllUpAsync();
    }

    private static Task<TimeSpan> AwaitStoreAsync(Client.MeshConnection connection, bool reachable)
    {
        var seen = "nothing yet";
        return Eventually.HoldsAsync(
            async () =>
            {
                var silos = (await connection.OverviewAsync()).Regions.SelectMany(region => region.Silos).ToList();
                seen = string.Join("; ", silos.Select(silo => $"{silo.Node} {silo.State} {silo.ControlStore}"));
                return silos.All(silo => silo.ControlStore?.IsReachable == reachable);
            },
            TimeSpan.FromSeconds(20),
            () => seen,
            Cancel);
    }
}

using System.Diagnostics;
using DrMesh.Contracts.Regions;
using DrMesh.TestKit;
using DrMesh.TestKit.Mesh;

namespace DrMesh.Scenarios.Mesh;

/// <summary>A silo that dies is replaced within seconds; one that is only slow is not.</summary>
[Collection(nameof(Alone))]
public sealed class LivenessTests(FourSilos four, ITestOutputHelper output) : IClassFixture<FourSilos>, IAsyncLifetime
{
    private MeshFixture Mesh => four.Mesh;

    // What an earlier test ended runs again.
    public async ValueTask InitializeAsync() => await Mesh.UpAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Kill_AnySilo_ItsGrainsAnswerFromElsewhereWithinFiveSeconds()
    {
        var times = new List<TimeSpan>();
        for (var kill = 0; kill < 5; kill++)
        {
            await using var connection = await Mesh.ConnectAsync(nodes: ["b/node-1", "b/node-2"]);
            await connection.AwaitAllUpAsync();
            var host = await connection.HostOfAsync(Mesh, "a");

            var started = Stopwatch.GetTimestamp();
            host.Kill();
            await connection.AwaitAnswerAsync("a", TimeSpan.FromSeconds(30));

            times.Add(Stopwatch.GetElapsedTime(started));
            output.WriteLine($"killed {host.Node}: region a answers after {times[^1].TotalSeconds:0.00} s");
            await Mesh.UpAsync();
        }

        times.Sort();
        times[2].ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Freeze_ASilo_ItsGrainsAnswerFromElsewhere()
    {
        await using var connection = await Mesh.ConnectAsync(nodes: ["b/node-1", "b/node-2"]);
        await connection.AwaitAllUpAsync();
        var host = await connection.HostOfAsync(Mesh, "a");

        var started = Stopwatch.GetTimestamp();
        host.Freeze();
        await connection.AwaitAnswerAsync("a", TimeSpan.FromSeconds(30));

        var after = Stopwatch.GetElapsedTime(started);
        output.WriteLine($"froze {host.Node}: region a answers after {after.TotalSeconds:0.00} s");
        after.ShouldBeLessThan(TimeSpan.FromSeconds(10));
        // Thawed, it learns that it was declared dead and ends instead of acting on.
        host.Thaw();
        await Eventually.HoldsAsync(() => Task.FromResult(!host.IsAlive), TimeSpan.FromSeconds(30), () => host.LogTail(), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Starve_ASiloForSeconds_NobodyIsDeclaredDead()
    {
        await using var connection = await Mesh.ConnectAsync(nodes: ["a/node-1", "a/node-2"]);
        await connection.AwaitAllUpAsync();
        var before = (await connection.OverviewAsync()).Regions.SelectMany(region => region.Silos).Select(silo => (silo.Node, silo.StartedAt)).ToList();
        var starved = Mesh.Silo("b/node-2");

        for (var spell = 0; spell < 3; spell++)
        {
            starved.Freeze();
            await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, TestContext.Current.CancellationToken);
            starved.Thaw();
            await Eventually.HoldsAsync(
                async () => await starved.GetAsync("/readyz") is { Status: System.Net.HttpStatusCode.OK },
                TimeSpan.FromSeconds(10),
                () => starved.LogTail(),
                TestContext.Current.CancellationToken);
            // Ready is a silo by its own word. Frozen again before the others have heard from it, three spells would be one of six seconds, of which a silo may die.
            await connection.AwaitAllUpAsync();
        }

        var after = await connection.OverviewAsync();
        after.Regions.SelectMany(region => region.Silos).Select(silo => (silo.Node, silo.StartedAt)).ToList().ShouldBe(before);
        after.Regions.ShouldAllBe(region => region.State == RegionState.Up);
    }

    [Fact]
    public async Task Stop_ASilo_ItLeavesAtOnce()
    {
        await using var connection = await Mesh.ConnectAsync(nodes: ["b/node-1", "b/node-2"]);
        await connection.AwaitAllUpAsync();
        var host = await connection.HostOfAsync(Mesh, "a");

        var stopped = await host.StopAsync();
        var answered = await connection.AwaitAnswerAsync("a", TimeSpan.FromSeconds(10));

        output.WriteLine($"stopped {host.Node} in {stopped.TotalSeconds:0.00} s; region a answers {answered.TotalSeconds:0.00} s later");
        answered.ShouldBeLessThan(TimeSpan.FromSeconds(1.5), "a silo that leaves needs no verdict");
        // Calls go elsewhere as soon as the silo is leaving; that it has left, another silo learns a moment later.
        SiloState? state = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                var overview = await connection.OverviewAsync();
                state = overview.Regions.SelectMany(region => region.Silos).Single(silo => silo.Node.ToString() == host.Node).State;
                return state == SiloState.Dead;
            },
            TimeSpan.FromSeconds(10),
            () => $"{host.Node} is {state}",
            TestContext.Current.CancellationToken);
    }
}

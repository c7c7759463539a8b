using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Traffic;
using DrMesh.Grains.Traffic;
using Microsoft.Extensions.DependencyInjection;

namespace DrMesh.Grains.Tests.Traffic;

public sealed class TrafficHealthTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Health_SilosAnswer_TheProvidersOwnChecksMoveTheName()
    {
        await using var mesh = await TrafficMesh.StartAsync(TimeSpan.FromSeconds(40));
        await using var doors = new HealthDoors(mesh.Services.GetRequiredService<TrafficHealth>(), (TrafficMesh.Eu, "127.0.0.1"), (TrafficMesh.Us, "127.0.0.2"));
        await mesh.Server.WriteAsync("example.org", "shop.example.org", "LUA", 5, $"A \"{doors.LuaRecord}\"");
        mesh.Service = mesh.Service with
        {
            Mode = TrafficMode.Health,
            Answers = [new ServiceAnswer { Region = TrafficMesh.Eu, Values = ["127.0.0.1"] }, new ServiceAnswer { Region = TrafficMesh.Us, Values = ["127.0.0.2"] }],
        };

        foreach (var (region, id) in new[] { (TrafficMesh.Eu, "a"), (TrafficMesh.Us, "b"), (TrafficMesh.Eu, "c") })
        {
            var operation = await mesh.SwitchAsync(TrafficMesh.To(region, id), Cancellation);

            operation.Phase.ShouldBe(TrafficPhase.Switched, operation.Detail);
        }
    }
}

using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Recovery;
using DrMesh.TestKit;
using DrMesh.TestKit.Crash;
using DrMesh.TestKit.Recovery;

namespace DrMesh.Grains.Tests.Recovery;

/// <summary>What the mesh keeps at the other sites between sessions, on fake servers and a fake repository.</summary>
public sealed class WarmStandbyTests
{
    private const string Cluster = "orders";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(FailoverStrategy.WarmStandby, "west runs as standby of nobody")]
    [InlineData(FailoverStrategy.PilotLight, "west stands as standby of nobody")]
    public async Task Keeper_AtHome_FillsTheCopiesOfAWarmStandbyOnly(FailoverStrategy strategy, string expected)
    {
        var world = FakeDatabases.Create([Cluster], strategy);
        await using var kit = await CrashKit.StartAsync<RecoveryPlan>((silo, place) => world.Wire(silo, FakeDatabases.Regions[place], reachesAll: true));
        var grain = kit.Grains.GetGrain<IDatabaseClusterGrain>(Cluster);

        var status = await grain.GetStatus(Cancellation);
        await Eventually.HoldsAsync(
            async () => (status = await grain.GetStatus(Cancellation)).Epoch > 0 && world.Servers.Describe(new ClusterId(Cluster)).Contains(expected, StringComparison.Ordinal),
            TimeSpan.FromSeconds(30),
            () => world.Servers.Describe(new ClusterId(Cluster)),
            Cancellation);
        // The keeper looks each second, at what every silo asked the servers.
        var asked = world.Servers.Calls;
        await Eventually.HoldsAsync(() => Task.FromResult(world.Servers.Calls > asked + 20), TimeSpan.FromSeconds(30), () => "nobody looks", Cancellation);

        world.Servers.Describe(new ClusterId(Cluster)).ShouldContain(expected);
        (await grain.GetStatus(Cancellation)).Findings.ShouldBeEmpty("what the strategy wants is no finding");
    }
}

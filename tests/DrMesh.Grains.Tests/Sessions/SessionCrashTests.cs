using DrMesh.Contracts.Sessions;
using DrMesh.TestKit.Crash;

namespace DrMesh.Grains.Tests.Sessions;

/// <summary>S3: a crash at any write or effect of a session leads to the same end.</summary>
public sealed class SessionCrashTests
{
    [Fact]
    public async Task S3_CrashAtEveryWriteAndEffect_SameEnd()
    {
        var world = new RelayWorld();
        await using var kit = await CrashKit.StartAsync(RelayMachine.Create(), () => RelayRunner.All(world));

        var tried = await kit.CrashEverywhereAsync(
            run => new SessionId($"relay-{run}"),
            (grains, session) => grains.GetGrain<IRelayGrain>(session.Value).Begin(["a-" + session.Value, "b-" + session.Value], asksFirst: true),
            world.Describe);

        // 5 steps of which one has two targets, and a write for each outcome, the approval and the beginning.
        tried.ShouldBeGreaterThan(30);
    }
}

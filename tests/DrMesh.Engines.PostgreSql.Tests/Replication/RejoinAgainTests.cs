using System.Net;
using System.Net.Sockets;
using DrMesh.Contracts.Agents;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Engines.Processes;
using DrMesh.TestKit;
using DrMesh.TestKit.Servers;

namespace DrMesh.Engines.PostgreSql.Tests.Replication;

/// <summary>What comes back did not come back at the first try, or never led: nothing is written beside the primary's WAL, and nothing that was kept aside is lost.</summary>
public sealed class RejoinAgainTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Standby_Killed_IsToldFromAFormerPrimary_AndFollowsAgainWithoutARewind()
    {
        await using var set = await ReplicatedSet.StartAsync();
        (await set.Agents[1].StatusAsync(Cancellation)).RanAsStandby.ShouldBeFalse("it runs");
        await set.Servers[1].KillAsync();
        (await set.Agents[1].StatusAsync(Cancellation)).ShouldBe((await set.Agents[1].StatusAsync(Cancellation)) with { Role = MemberRole.Stopped, IsShutDown = false, RanAsStandby = true });

        var refused = await Should.ThrowAsync<DrMeshException>(() => set.Agents[1].RewindAsync(Under(1), set.At(0), Cancellation));
        refused.Code.ShouldBe(DrMeshError.ServerUnwilling);
        refused.Message.ShouldBe("m1 is a standby that crashed, or a copy that has not run yet: pg_rewind would have it write WAL of its own");

        (await set.Agents[1].RepointAsync(Under(1), set.At(0), Cancellation)).Obeyed.ShouldBeTrue();
        await set.Servers[0].ExecuteAsync("create table kept as select 1 as one");
        await PostgresServers.CatchUpAsync(set.Servers[0], set.Servers[1]);

        await set.Servers[0].KillAsync();
        (await set.Agents[0].StatusAsync(Cancellation)).RanAsStandby.ShouldBeFalse("it led");
    }

    [Fact]
    public async Task Copy_ThatHasNotRun_IsNotRewound_AndAnotherCopyReplacesIt_WhileTheFormerPrimaryStaysAside()
    {
        await using var set = await ReplicatedSet.StartAsync();
        await PromoteAsync(set, 1);
        var aside = set.Servers[0].DataDirectory + ".aside-2";
        await Occupy(set.Servers[0], () => Should.ThrowAsync<DrMeshException>(() => set.Agents[0].ReseedAsync(Under(2), set.At(1), Cancellation)));
        File.Exists(Path.Combine(aside, "led")).ShouldBeTrue();
        (await set.Agents[0].StatusAsync(Cancellation)).RanAsStandby.ShouldBeTrue("a copy");
        (await Should.ThrowAsync<DrMeshException>(() => set.Agents[0].RewindAsync(Under(2), set.At(1), Cancellation))).Message.ShouldContain("a copy that has not run yet");

        var again = await set.Agents[0].ReseedAsync(Under(2), set.At(1), Cancellation);

        again.Obeyed.ShouldBeTrue(again.Reason);
        File.Exists(Path.Combine(aside, "led")).ShouldBeTrue("what the former primary had");
        Directory.EnumerateDirectories(Path.GetDirectoryName(aside)!, "data.aside-*").ShouldBe([aside], "a copy of the new primary's has nothing to be kept");

        // It led by a hand's doing: that is kept, too.
        await set.Servers[0].ExecuteAsync("select pg_promote()");
        await set.Agents[0].FenceAsync(Under(2), Cancellation);
        (await set.Agents[0].ReseedAsync(Under(2), set.At(1), Cancellation)).Obeyed.ShouldBeTrue();
        Directory.EnumerateDirectories(Path.GetDirectoryName(aside)!, "data.aside-*").Order(StringComparer.Ordinal).ShouldBe([aside, aside + "-2"]);

        // What ran may have led in between: it is kept whatever it was last. The disk has an end.
        (await set.Agents[0].ReseedAsync(Under(2), set.At(1), Cancellation)).Obeyed.ShouldBeTrue();
        var full = await Should.ThrowAsync<DrMeshException>(() => set.Agents[0].ReseedAsync(Under(2), set.At(1), Cancellation));
        full.Message.ShouldContain("m0 came back 3 times under one epoch");
        File.Exists(Path.Combine(set.Servers[0].DataDirectory, "PG_VERSION")).ShouldBeTrue("what is there stays");
    }

    [Fact]
    public async Task Rewind_TwiceUnderOneEpoch_KeepsWhatWasKeptFirst()
    {
        await using var set = await ReplicatedSet.StartAsync();
        await PromoteAsync(set, 1);
        var kept = set.Servers[0].DataDirectory + ".aside-2-wal";
        var first = await set.Agents[0].RewindAsync(Under(2), set.At(1), Cancellation);
        first.Obeyed.ShouldBeTrue(first.Reason);
        first.LostBytes.ShouldNotBeNull().ShouldBeGreaterThan(0);
        var before = Directory.GetFiles(kept).Order(StringComparer.Ordinal).ToArray();

        var second = await set.Agents[0].RewindAsync(Under(2), set.At(1), Cancellation);

        second.Obeyed.ShouldBeTrue(second.Reason);
        second.LostBytes.ShouldBeNull("what the first took back is not counted twice, nor as nothing");
        Directory.GetFiles(kept).Order(StringComparer.Ordinal).ShouldBe(before);
        Directory.Exists(kept + "-2").ShouldBeFalse("there was nothing to keep");
        await PostgresServers.CatchUpAsync(set.Servers[1], set.Servers[0]);
    }

    [Fact]
    public async Task Start_KilledServerIsNotCollectedYet_WaitsUntilItIs()
    {
        await using var server = await PostgresServer.StartNewAsync();
        await server.StopAsync();
        // The postmaster's parent is one that collects nobody.
        using var parent = ToolProcess.Start(new ToolCommand
        {
            Program = "sh", Arguments = ["-c", "\"$1\" -D \"$2\" >/dev/null 2>&1 & exec sleep 600", "sh", server.Instance.Install.Program("postgres"), server.DataDirectory],
            RunAs = server.Instance.Install.User, WorkingDirectory = "/",
        });
        await Eventually.HoldsAsync(() => Task.FromResult(server.Instance.HasStarted), Patience, () => "it does not start", Cancellation);
        ProcessSignal.SendKill(server.Instance.ReadPostmasterPid()!.Value);
        await Eventually.HoldsAsync(() => Task.FromResult(!server.Instance.IsHeld), Patience, () => "it is there still", Cancellation);

        var late = await Should.ThrowAsync<DrMeshException>(() => server.Instance.StartAsync(TimeSpan.FromMilliseconds(100), Cancellation));
        late.Code.ShouldBe(DrMeshError.ServerHostFailed);
        late.Message.ShouldContain("its parent has not collected it");
        var starting = server.Instance.StartAsync(Patience, Cancellation);
        starting.IsCompleted.ShouldBeFalse();
        parent.Kill();

        await starting;
        (await server.ScalarAsync<int>("select 1")).ShouldBe(1);
    }

    // The former primary goes on and writes what nobody has; then it is dead, with a file by which its directory is known.
    private static async Task PromoteAsync(ReplicatedSet set, int next)
    {
        await set.Servers[next].ExecuteAsync("select pg_promote()");
        await set.Servers[0].ExecuteAsync("create table alone as select generate_series(1, 1000)");
        await File.WriteAllTextAsync(Path.Combine(set.Servers[0].DataDirectory, "led"), "", Cancellation);
        await set.Servers[0].KillAsync();
    }

    // Its port is another's meanwhile: it cannot start.
    private static async Task Occupy(PostgresServer server, Func<Task> act)
    {
        using var other = new TcpListener(IPAddress.Loopback, server.Port);
        other.Start();
        await act();
    }

    private static AgentCommand Under(long epoch) => AgentCommand.Of(Guid.NewGuid().ToString("N"), epoch);
}

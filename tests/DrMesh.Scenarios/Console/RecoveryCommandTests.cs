using System.Text.Json;
using DrMesh.Engines.Processes;
using DrMesh.Lab.Programs;
using DrMesh.Lab.Worlds;
using DrMesh.TestKit;

namespace DrMesh.Scenarios.Console;

/// <summary>The commands that move an application, as a person types them, on a mesh with three real servers and a real name server.</summary>
public sealed class RecoveryCommandTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Commands_ShowPlanMoveAndBringBack_SayWhatTheyDidAndWhatStandsInTheWay()
    {
        await using var world = await World.StartAsync(_ => { }, Cancellation);
        await Eventually.HoldsAsync(
            async () => (await RunAsync(world, "cluster", "show", "orders")).Output.Contains("ANY 1 (\"orders-ap\", \"orders-eu\")", StringComparison.Ordinal),
            TimeSpan.FromSeconds(60), () => "the cluster is not taken on", Cancellation);

        var shown = JsonDocument.Parse((await RunAsync(world, "cluster", "show", "orders", "--output", "json")).Output).RootElement;
        shown.GetProperty("primary").GetString().ShouldBe("orders-us");
        shown.GetProperty("members").GetArrayLength().ShouldBe(3);

        var plan = await RunAsync(world, "switchover", "shop", "--to", "eu-west-1", "--plan");
        (plan.ExitCode, plan.Error).ShouldBe((0, ""));
        plan.Output.ShouldContain("StopWrites");
        plan.Output.ShouldContain("orders-eu");

        var unasked = await RunAsync(world, "switchover", "shop", "--to", "eu-west-1");
        (unasked.ExitCode, unasked.Error).ShouldBe((3, "drmesh: nothing was begun; repeat with --yes to begin without a question\n"));

        var moved = await RunAsync(world, "switchover", "shop", "--to", "eu-west-1", "--yes", "--reason", "the console's test");
        moved.ExitCode.ShouldBe(0, moved.Output + moved.Error);
        (await RunAsync(world, "cluster", "show", "orders")).Output.ShouldContain("primary orders-eu in eu-west-1");
        world.RegionAt(await world.Lookup.AskAsync(Cancellation))!.Id.Value.ShouldBe("eu-west-1");

        var again = await RunAsync(world, "switchover", "shop", "--to", "eu-west-1", "--yes");
        again.ExitCode.ShouldBe(1);
        again.Error.ShouldContain("every primary of shop is in eu-west-1 already");
        (await RunAsync(world, "failover", "shop", "--strategy", "pilot_light", "--plan")).ExitCode.ShouldBe(1, "what blocks a plan is a failure to a script");

        var sessions = JsonDocument.Parse((await RunAsync(world, "sessions", "list", "--output", "json")).Output).RootElement;
        var id = Find(sessions, "recovery-").ShouldNotBeNull();
        (await RunAsync(world, "sessions", "explain", id)).Output.ShouldContain("a planned move stops writes first");
        (await RunAsync(world, "sessions", "cancel", id, "--reason", "too late")).ExitCode.ShouldBe(1);

        var reckless = await RunAsync(world, "cluster", "set-durability", "orders", "async", "--reason", "faster", "--yes");
        reckless.ExitCode.ShouldBe(1);
        reckless.Error.ShouldContain("nothing ends a primary whose agent died");

        var back = await RunAsync(world, "failback", "shop", "--yes", "--reason", "home again");
        back.ExitCode.ShouldBe(0, back.Output + back.Error);
        (await RunAsync(world, "cluster", "show", "orders")).Output.ShouldContain("primary orders-us in us-east-1");
        (await RunAsync(world, "failback", "shop", "--yes")).Error.ShouldContain("there is nothing to bring back");
    }

    private static string? Find(JsonElement anything, string prefix) => anything.ValueKind switch
    {
        JsonValueKind.String => anything.GetString() is { } text && text.StartsWith(prefix, StringComparison.Ordinal) ? text : null,
        JsonValueKind.Array => anything.EnumerateArray().Select(one => Find(one, prefix)).FirstOrDefault(found => found is not null),
        JsonValueKind.Object => anything.EnumerateObject().Select(one => Find(one.Value, prefix)).FirstOrDefault(found => found is not null),
        _ => null,
    };

    private static Task<ToolResult> RunAsync(World world, params string[] arguments) => ToolProcess.RunAsync(
        new ToolCommand { Program = LabPrograms.Console, Arguments = arguments, Environment = new Dictionary<string, string?> { ["DRMESH_STATE"] = world.Folder.Path } }, Cancellation);
}

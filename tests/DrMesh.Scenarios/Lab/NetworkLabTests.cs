using DrMesh.Engines.Processes;
using DrMesh.Lab.Namespaces;
using DrMesh.Lab.Programs;
using DrMesh.TestKit;

namespace DrMesh.Scenarios.Lab;

/// <summary>The regions in network namespaces, as a person brings them up, cuts them off and ends them.</summary>
[Collection(nameof(Alone))]
public sealed class NetworkLabTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lab_UpCutHealDown_DoesWhatItSaysAndLeavesNothing()
    {
        using var state = await TestDirectory.CreateAsync();
        try
        {
            (await LabAsync(state, "lab", "up")).EnsureSuccess("it needs root");
            var world = WorldNamespacesOf(state);
            world.Length.ShouldBe(4, "three regions and the hub");
            (await PingAsync(world, "us", "198.18.0.2")).ShouldBeTrue("the regions reach one another");

            (await LabAsync(state, "lab", "partition", "us", "--one-way", "in")).Output.ShouldContain("us-east-1: nothing gets in");
            (await PingAsync(world, "us", "198.18.0.2")).ShouldBeFalse("the answer does not get in");
            (await LabAsync(state, "lab", "partition", "us")).Output.ShouldContain("us-east-1: cut off");
            (await PingAsync(world, "eu", "198.18.0.3")).ShouldBeTrue("the others are not cut");
            (await LabAsync(state, "lab", "delay", "eu", "40")).Output.ShouldContain("eu-west-1: connected, delayed");
            (await PingAsync(world, "eu", "198.18.0.3", atLeast: TimeSpan.FromMilliseconds(80))).ShouldBeTrue("there and back takes twice the delay");
            (await LabAsync(state, "lab", "heal")).Output.ShouldContain("eu-west-1: connected\n");
            (await PingAsync(world, "us", "198.18.0.2")).ShouldBeTrue("it is mended");

            // The silo that was cut off may hold what is asked for until the others have given it up.
            ToolResult? shown = null;
            await Eventually.HoldsAsync(
                async () => (shown = await LabAsync(state, "lab", "console", "--", "estate", "show")).Output.Contains("orders", StringComparison.Ordinal),
                TimeSpan.FromSeconds(60), () => $"the estate is not shown: {shown?.Output}{shown?.Error}", Cancellation);
            var wrong = await LabAsync(state, "lab", "kill", "mars");
            (wrong.ExitCode, wrong.Error).ShouldBe((2, "drmesh: the lab has no region mars; name one of us (us-east-1), eu (eu-west-1), ap (ap-southeast-1)\n"));
        }
        finally
        {
            (await LabAsync(state, "lab", "down")).EnsureSuccess("it ends what is there");
        }

        WorldNamespacesOf(state).ShouldBeEmpty();
        Directory.EnumerateDirectories(Path.Combine(state.Path, "lab")).ShouldBeEmpty();
    }

    private static string[] WorldNamespacesOf(TestDirectory state) => !Directory.Exists(Path.Combine(state.Path, "lab"))
        ? []
        : [.. Directory.EnumerateDirectories(Path.Combine(state.Path, "lab")).SelectMany(world => Directory.EnumerateFiles("/run/netns", $"drmesh-{Path.GetFileName(world)}-*")).Select(Path.GetFileName).OfType<string>()];

    // A TCP connection to a port nobody listens on is refused by a host that is reached; a cut swallows it.
    private static async Task<bool> PingAsync(string[] world, string from, string address, TimeSpan atLeast = default)
    {
        var begun = TimeProvider.System.GetTimestamp();
        var asked = await ToolProcess.RunAsync(
            new ToolCommand
            {
                Program = "nsenter",
                Arguments = [.. WorldNamespaces.Enter(world.First(name => name.EndsWith($"-{from}", StringComparison.Ordinal))), "timeout", "2", "bash", "-c", $"exec 3<>/dev/tcp/{address}/9"],
            },
            Cancellation);
        return asked.Error.Contains("refused", StringComparison.OrdinalIgnoreCase) && TimeProvider.System.GetElapsedTime(begun) >= atLeast;
    }

    private static Task<ToolResult> LabAsync(TestDirectory state, params string[] arguments) => ToolProcess.RunAsync(
        new ToolCommand { Program = LabPrograms.Lab, Arguments = arguments, Environment = new Dictionary<string, string?> { ["DRMESH_STATE"] = state.Path } }, Cancellation);
}

using DrMesh.Engines.Processes;
using DrMesh.Lab.Worlds;
using DrMesh.TestKit;

namespace DrMesh.Scenarios.Lab;

/// <summary>However a demo ends, nothing of it stays.</summary>
public sealed class DemoEndTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Demo_StepByStepInATerminal_WaitsForAKeyAndEndsByCtrlC()
    {
        using var run = await LabRun.StartInTerminalAsync("demo", "--step");
        await ShownAsync(run, "press a key to go on");
        run.Output.ShouldNotContain("$ drmesh backup create", Case.Sensitive, "nobody has pressed a key");

        await run.TypeAsync(" ");
        await ShownAsync(run, "$ drmesh backup create");
        var segments = run.Segments();
        await run.TypeAsync("\u0003");

        (await run.EndAsync(TimeSpan.FromSeconds(60))).ShouldNotBe(0, run.Output);
        run.Output.ShouldContain("interrupted; nothing of it runs any more");
        await run.NothingIsLeftAsync(segments);
    }

    [Fact]
    public async Task Demo_KilledWithItsKeeper_TheNextStartEndsWhatIsLeft()
    {
        using var run = await LabRun.StartAsync("demo");
        await Eventually.HoldsAsync(() => Task.FromResult(run.Log.Contains("PostgreSQL", StringComparison.Ordinal) || run.Output.Contains("PostgreSQL", StringComparison.Ordinal)), TimeSpan.FromMinutes(2), () => run.Log, Cancellation);
        var (segments, folder) = (run.Segments(), run.WorldFolder!);
        ProcessSignal.SendKill(KeepersOf(folder).ShouldHaveSingleItem());
        ProcessSignal.SendKill(run.Pid);
        await run.EndAsync(TimeSpan.FromSeconds(10));
        WorldProcesses.Find(folder).ShouldNotBeEmpty("the servers outlived both");

        await EndLeftoversAsync(run.StateFolder);

        await run.NothingIsLeftAsync(segments);
    }

    private static async Task ShownAsync(LabRun run, string text) => await Eventually.HoldsAsync(
        () => Task.FromResult(run.Output.Contains(text, StringComparison.Ordinal)), TimeSpan.FromMinutes(2), () => $"\"{text}\" is not shown:\n{run.Output}", Cancellation);

    private static IEnumerable<int> KeepersOf(string folder) => Directory.EnumerateDirectories("/proc")
        .Select(path => int.TryParse(Path.GetFileName(path), out var pid) ? pid : 0)
        .Where(pid => pid > 1 && IsKeeper(pid, folder));

    private static bool IsKeeper(int pid, string folder)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").TrimEnd('\0').EndsWith($"{Keeper.Command}\0{folder}", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static async Task EndLeftoversAsync(string stateFolder) => (await ToolProcess.RunAsync(
        new ToolCommand
        {
            Program = DrMesh.Lab.Programs.LabPrograms.Lab,
            Arguments = ["lab", "down"],
            Environment = new Dictionary<string, string?> { ["DRMESH_STATE"] = stateFolder },
        },
        Cancellation)).EnsureSuccess("lab down ends what is left");
}

using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using DrMesh.Console.Output;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Regions;

namespace DrMesh.Console.Tests;

public sealed class ConsoleProgramTests
{
    [Fact]
    public async Task Help_Root_NamesExitCodesAndCommands()
    {
        var run = await ConsoleRun.Async("--help");

        run.ExitCode.ShouldBe(ExitCodes.Done);
        run.Output.ShouldContain("0 done, 1 failed, 2 usage, 3 needs approval, 4 unreachable");
        run.Output.ShouldContain("store");
    }

    [Theory]
    [InlineData("completon", "drmesh: drmesh knows no command \"completon\"; did you mean completion?\n")]
    [InlineData("frobnicate", "drmesh: drmesh knows no command \"frobnicate\"; see drmesh --help\n")]
    [InlineData("completion bash --verbos", "drmesh: drmesh completion bash knows no option \"--verbos\"; did you mean --verbose?\n")]
    public async Task Parse_Mistyped_ShowsTheNearest(string line, string expected)
    {
        var run = await ConsoleRun.Async(line.Split(' '));

        run.ExitCode.ShouldBe(ExitCodes.Usage);
        run.Error.ShouldBe(expected);
    }

    [Fact]
    public async Task Parse_BadOptionValue_IsOneSentenceWithTheNextStep()
    {
        var run = await ConsoleRun.Async("completion", "bash", "--output", "xml");

        run.ExitCode.ShouldBe(ExitCodes.Usage);
        run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldHaveSingleItem().ShouldEndWith("; see drmesh completion bash --help");
        run.Error.ShouldContain("xml");
    }

    [Fact]
    public async Task Completion_Bash_ScriptIsAcceptedByBashAndSuggests()
    {
        var script = await ConsoleRun.Async("completion", "bash");
        var suggestions = await ConsoleRun.Async("[suggest:8]", "drmesh c");

        suggestions.Output.ShouldContain("completion");
        using var bash = Process.Start(new ProcessStartInfo("bash", "-n") { RedirectStandardInput = true })!;
        await bash.StandardInput.WriteAsync(script.Output);
        bash.StandardInput.Close();
        await bash.WaitForExitAsync(TestContext.Current.CancellationToken);
        bash.ExitCode.ShouldBe(0);
    }

    [Theory]
    [InlineData(DrMeshError.ToolFailed, ExitCodes.Failed)]
    [InlineData(DrMeshError.EstateInvalid, ExitCodes.Usage)]
    [InlineData(DrMeshError.ApprovalRequired, ExitCodes.NeedsApproval)]
    [InlineData(DrMeshError.MeshUnreachable, ExitCodes.Unreachable)]
    public async Task Action_Fails_OneSentenceAndItsExitCode(DrMeshError code, int exitCode)
    {
        var run = await FailAsync(new DrMeshException(code, "standby eu-2 is 41 MB behind, limit 16 MB", "wait"));

        run.ExitCode.ShouldBe(exitCode);
        run.Error.ShouldBe("drmesh: standby eu-2 is 41 MB behind, limit 16 MB; wait\n");
    }

    [Fact]
    public async Task Action_HasABug_NoStackTraceUnlessVerbose()
    {
        var bug = new InvalidOperationException("a\nb");

        (await FailAsync(bug)).Error.ShouldBe("drmesh: unexpected fault: a b; repeat with --verbose and report what it prints\n");
        (await FailAsync(bug, "--verbose")).Error.ShouldContain("System.InvalidOperationException");
    }

    [Fact]
    public void Json_Identifiers_AreWrittenAsAPersonTypesThem()
    {
        using var output = new StringWriter();

        JsonOutput.Write(output, new { Node = new NodeId(new RegionId("eu-west-1"), "db1"), By = new Dictionary<RegionId, int> { [new("a")] = 1 } });

        using var document = JsonDocument.Parse(output.ToString());
        document.RootElement.GetProperty("node").GetString().ShouldBe("eu-west-1/db1");
        document.RootElement.GetProperty("by").GetProperty("a").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task SiloCommand_ProgramGiven_IsBecomeWithTheSameArguments()
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "drmesh"), ["store", "status", "--name", "ä b"])
        {
            RedirectStandardOutput = true,
            Environment = { ["DRMESH_SILO_PROGRAM"] = "/bin/echo" },
        };

        using var console = Process.Start(start)!;
        var output = await console.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await console.WaitForExitAsync(TestContext.Current.CancellationToken);

        output.ShouldBe("store status --name ä b\n");
        console.ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task SiloCommand_ProgramMissing_SaysWhereItShouldBe()
    {
        var run = await ConsoleRun.Async("store", "status");

        run.ExitCode.ShouldBe(ExitCodes.Failed);
        run.Error.ShouldContain("DRMESH_SILO_PROGRAM");
    }

    private static async Task<ConsoleRun> FailAsync(Exception fault, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var runner = new CommandRunner(new Terminal(output, error, TextReader.Null, isInteractive: false), TimeProvider.System);
        var command = runner.Run(new RootCommand { GlobalOptions.Output, GlobalOptions.Verbose }, (_, _) => throw fault);
        var exitCode = await command.Parse(args).InvokeAsync(cancellationToken: TestContext.Current.CancellationToken);
        return new ConsoleRun(exitCode, output.ToString(), error.ToString());
    }
}

using System.CommandLine;
using System.Text.Json;
using DrMesh.Console.Commands.Estate;
using DrMesh.Console.Output;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Estate.Reading;

namespace DrMesh.Console.Tests.Estate;

public sealed class EstateCommandTests : IDisposable
{
    private const string Good =
        """
        regions:
          eu:
            nodes:
              a: { address: 10.1.0.1 }
          us:
            nodes:
              a: { address: 10.2.0.1 }

        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("drm-").FullName;
    private readonly FakeEstateGrain _grain = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Validate_Good_SaysWhatItHolds()
    {
        var path = Write(Good);

        var run = await ConsoleRun.Async("estate", "validate", path);

        run.ShouldBe(new ConsoleRun(ExitCodes.Done, $"{path} is valid: 2 regions, 2 nodes\n", ""));
    }

    [Fact]
    public async Task Validate_Bad_PrintsEachErrorWithItsPlaceAndCountsThem()
    {
        var path = Write(Good.Replace("10.2.0.1 }", "10.2.0.1, guard: tight }") + "colour: red\n");

        var run = await ConsoleRun.Async("estate", "validate", path);

        run.ExitCode.ShouldBe(ExitCodes.Usage);
        run.Output.ShouldBeEmpty();
        run.Error.Split('\n').ShouldBe(
        [
            $"{path}:7:31: regions.us.nodes.a.guard: \"tight\" is not none or bound",
            $"{path}:8:1: colour: key \"colour\" is not known here; known are version, title, regions, policies, repositories, clusters, fileTrees, dnsProviders, services, hooks, applications, schedules",
            $"drmesh: 2 errors in {path}; mend them and repeat",
            "",
        ]);
    }

    [Fact]
    public async Task Validate_Json_IsOneDocument()
    {
        var path = Write(Good + "colour: red\n");

        var run = await ConsoleRun.Async("estate", "validate", path, "--output", "json");

        run.ExitCode.ShouldBe(ExitCodes.Usage);
        var document = JsonDocument.Parse(run.Output).RootElement;
        document.GetProperty("isValid").GetBoolean().ShouldBeFalse();
        var finding = document.GetProperty("findings")[0];
        (finding.GetProperty("line").GetInt32(), finding.GetProperty("path").GetString(), finding.GetProperty("severity").GetString()).ShouldBe((8, "colour", "error"));
    }

    [Fact]
    public async Task Validate_NoSuchFile_IsOneSentence()
    {
        var path = Path.Combine(_folder, "none.yaml");

        (await ConsoleRun.Async("estate", "validate", path)).ShouldBe(new ConsoleRun(
            ExitCodes.Usage, "", $"drmesh: there is no file {path}; name an existing estate file; infra/examples has one for each shape of estate\n"));
        (await ConsoleRun.Async("estate", "validate", _folder)).Error.ShouldBe($"drmesh: {_folder} is a directory; name the estate file in it\n");
    }

    [Fact]
    public async Task Validate_HugeFile_IsNotEvenRead()
    {
        var path = Path.Combine(_folder, "huge.yaml");
        await using (var file = File.Create(path))
        {
            // A hole: reading it would take memory and time, its length takes neither.
            file.SetLength(100L << 30);
        }

        (await ConsoleRun.Async("estate", "validate", path)).Error.ShouldStartWith($"{path}: the file has 102400.0 MB; an estate may have at most 4 MB\n");
    }

    [Fact]
    public async Task Apply_BadFile_IsRefusedWithoutAMesh()
    {
        var path = Write("regions: {}\n");

        var run = await ConsoleRun.Async("estate", "apply", path, "--yes");

        run.ExitCode.ShouldBe(ExitCodes.Usage);
        run.Error.ShouldEndWith($"drmesh: 1 error in {path}, nothing was changed; mend them and repeat\n");
    }

    [Fact]
    public async Task Schema_IsTheCheckedInOne()
    {
        var run = await ConsoleRun.Async("estate", "schema");

        JsonDocument.Parse(run.Output).RootElement.GetProperty("title").GetString().ShouldBe("DrMesh estate");
        (await ConsoleRun.Async("estate", "schema", "--markdown")).Output.ShouldStartWith("### The file\n");
    }

    [Fact]
    public async Task Plan_ShowsWhatComesChangesAndGoes()
    {
        await ApplyAsync(Good, isAgreed: true);

        var shown = await PlanAsync(Good.Replace("10.1.0.1", "10.1.0.9").Replace("  us:", "  ap:"));

        shown.Output.ShouldBe(
            """
            estate.yaml against version 1:

              + regions.ap:
                  nodes:
                    a:
                      address: 10.2.0.1
                      host: pg_ctl
                      guard: none
              ~ regions.eu.nodes.a.address: 10.1.0.1 → 10.1.0.9
              - regions.us
                  ! its silos no longer count as observers, and nothing fails over to it

            1 to add, 1 to change, 1 to remove; 1 deserves a second look (!)

            """);
    }

    [Fact]
    public async Task Apply_Agreed_PrintsWhatWasChangedAndThenNothing()
    {
        (await ApplyAsync(Good, isAgreed: true, reason: "first")).Output.ShouldEndWith("\n2 to add, 0 to change, 0 to remove\napplied as version 1: 2 to add, 0 to change, 0 to remove\n");
        _grain.Asked!.Reason.ShouldBe("first");

        (await ApplyAsync(Good, isAgreed: true)).Output.ShouldBe("nothing to change: estate.yaml is what version 1 already says\n");
    }

    [Fact]
    public async Task Apply_NobodyAgrees_ChangesNothing()
    {
        var failure = await Should.ThrowAsync<DrMeshException>(() => ApplyAsync(Good, isAgreed: false));

        ExitCodes.For(failure.Code).ShouldBe(ExitCodes.NeedsApproval);
        failure.Message.ShouldBe("estate.yaml was not applied: nobody agreed to its 2 changes");
        _grain.Version.ShouldBe(0);
    }

    [Fact]
    public async Task Apply_PersonTypesYes_Applies()
    {
        (await ApplyAsync(Good, isAgreed: false, answer: "yes\n")).Output.ShouldEndWith("applied as version 1: 2 to add, 0 to change, 0 to remove\n");
        _grain.Version.ShouldBe(1);
    }

    private string Write(string text)
    {
        var path = Path.Combine(_folder, "estate.yaml");
        File.WriteAllText(path, text);
        return path;
    }

    private async Task<ConsoleRun> PlanAsync(string text) =>
        await RunAsync((context, file) => EstateApply.PlanAsync(context, _grain, file, Cancellation), text, answer: null);

    private async Task<ConsoleRun> ApplyAsync(string text, bool isAgreed, string? reason = null, string? answer = null) =>
        await RunAsync((context, file) => EstateApply.RunAsync(context, _grain, file, isAgreed, reason, Cancellation), text, answer);

    private static async Task<ConsoleRun> RunAsync(Func<CommandContext, EstateFile, Task<int>> run, string text, string? answer)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = new Terminal(output, error, new StringReader(answer ?? ""), isInteractive: answer is not null);
        var context = new CommandContext(new RootCommand { GlobalOptions.Output }.Parse([]), terminal, TimeProvider.System);
        var exitCode = await run(context, new EstateFile("estate.yaml", text, EstateReader.Read(text)));
        return new ConsoleRun(exitCode, output.ToString(), error.ToString());
    }
}

using DrMesh.Console.Output;
using DrMesh.TestKit;

namespace DrMesh.Console.Tests.Docs;

/// <summary>README and the guides name only commands and options that there are. Those of the silo program and of the launcher are told apart here and run elsewhere.</summary>
public sealed class DocCommandsTests
{
    private static readonly string[] Launcher = ["demo", "lab", "test", "bench"];

    public static TheoryData<string> Commands() => new(DocCommands.All()
        .Where(command => !Launcher.Contains(command.Words[0]) && !SiloProgram.Serves([.. command.Words]))
        .Select(command => command.ToString()));

    [Theory]
    [MemberData(nameof(Commands))]
    public void Page_Command_IsOneOfTheConsole(string command)
    {
        var words = DocCommands.All().Single(known => known.ToString() == command).Words;
        var root = ConsoleProgram.CreateRoot(new Terminal(TextWriter.Null, TextWriter.Null, TextReader.Null, isInteractive: false), TimeProvider.System);

        root.Parse(words).Errors.Select(error => error.Message).ShouldBeEmpty();
    }

    [Fact]
    public void Pages_HaveCommands() => DocCommands.All().Select(command => command.File).Distinct().Count().ShouldBeGreaterThan(6);

    [Fact]
    public async Task Help_Root_NamesTheLaunchersOwnCommands()
    {
        var help = (await ConsoleRun.Async("--help")).Output;

        Launcher.ShouldAllBe(command => help.Contains($"./drmesh {command}", StringComparison.Ordinal));
    }
}

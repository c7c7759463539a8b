using System.CommandLine;
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

        Root().Parse(words).Errors.Select(error => error.Message).ShouldBeEmpty();
    }

    [Fact]
    public void Page_CommandWithinTheText_IsOneOfTheConsole() => DocCommands.Inline()
        .Where(command => !Launcher.Contains(command.Words[0].Split('|')[0]) && !SiloProgram.Serves([.. command.Words]))
        .Where(command => !IsKnown(Root(), command.Words))
        .ShouldBeEmpty();

    [Fact]
    public void Pages_HaveCommands() => DocCommands.All().Select(command => command.File).Distinct().Count().ShouldBeGreaterThan(6);

    [Fact]
    public async Task Help_Root_NamesTheLaunchersOwnCommands()
    {
        var help = (await ConsoleRun.Async("--help")).Output;

        Launcher.ShouldAllBe(command => help.Contains($"./drmesh {command}", StringComparison.Ordinal));
    }

    private static RootCommand Root() => ConsoleProgram.CreateRoot(new Terminal(TextWriter.Null, TextWriter.Null, TextReader.Null, isInteractive: false), TimeProvider.System);

    // Down the tree as far as it has subcommands; "show|switch" names two of them. Options that are named must be there, too.
    private static bool IsKnown(Command command, IReadOnlyList<string> words)
    {
        var at = command;
        foreach (var word in words)
        {
            if (word.StartsWith("--", StringComparison.Ordinal))
            {
                return at.Options.Concat(command.Options).Any(option => option.Name == word.Split('=')[0]);
            }

            if (at.Subcommands.Count == 0)
            {
                continue;
            }

            var named = word.Split('|').Select(name => at.Subcommands.FirstOrDefault(sub => sub.Name == name)).ToArray();
            if (word == "…")
            {
                return true;
            }

            if (named.Any(sub => sub is null))
            {
                return false;
            }

            at = named[0]!;
        }

        return true;
    }
}

using System.CommandLine;
using DrMesh.Console.Output;
using DrMesh.Core.Errors;

namespace DrMesh.Console;

/// <summary>Turns what the parser found wrong into one sentence with the next step.</summary>
internal static class UsageErrors
{
    /// <summary>Writes the first error of <paramref name="parsed"/> and returns the exit code for usage.</summary>
    public static int Write(ParseResult parsed, Terminal terminal)
    {
        var command = parsed.CommandResult.Command;
        if (parsed.UnmatchedTokens.Count > 0)
        {
            var typed = parsed.UnmatchedTokens[0];
            var isOption = typed.StartsWith('-');
            var known = isOption ? OptionsOf(parsed) : command.Subcommands.Where(sub => !sub.Hidden).Select(sub => sub.Name);
            return ErrorOutput.WriteUsage(
                terminal.Error,
                $"{PathOf(parsed)} knows no {(isOption ? "option" : "command")} \"{typed}\"",
                NearestName.Of(typed, known) is { } near ? $"did you mean {near}?" : $"see {PathOf(parsed)} --help");
        }

        return ErrorOutput.WriteUsage(terminal.Error, parsed.Errors[0].Message.ReplaceLineEndings(" "), $"see {PathOf(parsed)} --help");
    }

    private static IEnumerable<string> OptionsOf(ParseResult parsed)
    {
        for (var result = parsed.CommandResult; result is not null; result = result.Parent as System.CommandLine.Parsing.CommandResult)
        {
            foreach (var option in result.Command.Options)
            {
                yield return option.Name;
            }
        }
    }

    private static string PathOf(ParseResult parsed)
    {
        var names = new List<string>();
        var result = parsed.CommandResult;
        while (result.Parent is System.CommandLine.Parsing.CommandResult parent)
        {
            names.Insert(0, result.Command.Name);
            result = parent;
        }

        return string.Join(' ', names.Prepend("drmesh"));
    }
}

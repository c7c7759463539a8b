using System.CommandLine;
using System.CommandLine.Parsing;
using DrMesh.Core.Errors;

namespace DrMesh.CommandLine;

/// <summary>
/// What the parser found wrong with a command line, as one sentence with the next step. The silo program, which serves some of the commands, compiles this file, too.
/// </summary>
/// <param name="Message">The fact.</param>
/// <param name="Hint">The next step.</param>
internal sealed record UsageFault(string Message, string Hint)
{
    /// <summary>The first error of <paramref name="parsed"/>; a word that is not known comes before what is missing for want of it.</summary>
    public static UsageFault Of(ParseResult parsed)
    {
        var path = PathOf(parsed);
        if (parsed.UnmatchedTokens.Count == 0)
        {
            return new UsageFault(parsed.Errors[0].Message.ReplaceLineEndings(" "), $"see {path} --help");
        }

        var typed = parsed.UnmatchedTokens[0];
        var isOption = typed.StartsWith('-');
        var known = isOption ? OptionsOf(parsed) : parsed.CommandResult.Command.Subcommands.Where(sub => !sub.Hidden).Select(sub => sub.Name);
        return new UsageFault(
            $"{path} knows no {(isOption ? "option" : "command")} \"{typed}\"",
            NearestName.Of(typed, known) is { } near ? $"did you mean {near}?" : $"see {path} --help");
    }

    private static IEnumerable<string> OptionsOf(ParseResult parsed) => Lineage(parsed).SelectMany(result => result.Command.Options).Select(option => option.Name);

    private static string PathOf(ParseResult parsed) =>
        string.Join(' ', Lineage(parsed).Where(result => result.Parent is CommandResult).Select(result => result.Command.Name).Append("drmesh").Reverse());

    // From the command typed up to the root.
    private static IEnumerable<CommandResult> Lineage(ParseResult parsed)
    {
        for (var result = parsed.CommandResult; result is not null; result = result.Parent as CommandResult)
        {
            yield return result;
        }
    }
}

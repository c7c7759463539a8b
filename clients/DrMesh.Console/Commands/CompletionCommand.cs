using System.CommandLine;
using DrMesh.Contracts.Errors;

namespace DrMesh.Console.Commands;

/// <summary><c>drmesh completion bash</c>: the script asks the program itself, so it never lags behind the commands.</summary>
internal static class CompletionCommand
{
    private const string BashScript =
        """
        # Completion for drmesh. Load it with: source <(drmesh completion bash)
        _drmesh() {
            local word=${COMP_WORDS[COMP_CWORD]} program=${COMP_WORDS[0]}
            local line="drmesh${COMP_LINE#"$program"}"
            local point=$((COMP_POINT - ${#program} + 6))
            mapfile -t COMPREPLY < <(compgen -W "$("$program" "[suggest:$point]" "$line" 2>/dev/null)" -- "$word")
        }
        complete -o default -F _drmesh drmesh ./drmesh
        """;

    /// <summary>Creates the command.</summary>
    public static Command Create(CommandRunner runner)
    {
        var bash = runner.Run(new Command("bash", "Print the completion script for bash"), (context, _) =>
        {
            context.Show(new { shell = "bash", script = BashScript }, _ => context.Terminal.Output.WriteLine(BashScript));
            return Task.FromResult(ExitCodes.Done);
        });
        return new Command("completion", "Print a shell's completion script") { bash };
    }
}

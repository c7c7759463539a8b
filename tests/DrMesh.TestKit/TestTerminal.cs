using DrMesh.Engines.Processes;

namespace DrMesh.TestKit;

/// <summary>A terminal of a command's own, at which the command's input is typed. What the machine running the tests says of its own terminal and shell changes nothing.</summary>
public static class TestTerminal
{
    /// <summary>The command, run in a terminal of 120 columns and 50 rows.</summary>
    public static ToolCommand InTerminal(this ToolCommand command) => command with
    {
        Program = "script",
        // A shell that stays between the terminal and the command would end by Ctrl-C, with a code of its own.
        Arguments = ["-qec", $"stty cols 120 rows 50; exec {command.Program} {string.Join(' ', command.Arguments)}", "/dev/null"],
        Environment = new Dictionary<string, string?>(command.Environment) { ["TERM"] = "xterm-256color", ["SHELL"] = "/bin/sh" },
    };
}

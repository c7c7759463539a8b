using System.CommandLine;
using DrMesh.Console.Output;

namespace DrMesh.Console;

/// <summary>Gives a command its action, with the error handling that every command shares.</summary>
internal sealed class CommandRunner(Terminal terminal, TimeProvider time)
{
    /// <summary>Lets <paramref name="command"/> run <paramref name="action"/>, which returns the exit code.</summary>
    public Command Run(Command command, Func<CommandContext, CancellationToken, Task<int>> action)
    {
        command.SetAction(async (arguments, cancellationToken) =>
        {
            try
            {
                return await action(new CommandContext(arguments, terminal, time), cancellationToken);
            }
            catch (Exception fault)
            {
                return ErrorOutput.Write(terminal.Error, fault, arguments.GetValue(GlobalOptions.Verbose));
            }
        });
        return command;
    }
}

using System.CommandLine;
using DrMesh.Client;
using DrMesh.Client.Connecting;
using DrMesh.Console.Output;
using Spectre.Console;

namespace DrMesh.Console;

/// <summary>What a running command has at hand: its arguments, the terminal, and the way its result is shown.</summary>
internal sealed class CommandContext(ParseResult arguments, Terminal terminal, TimeProvider time)
{
    /// <summary>The parsed command line.</summary>
    public ParseResult Arguments { get; } = arguments;

    /// <summary>Where the command reads and writes.</summary>
    public Terminal Terminal { get; } = terminal;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; } = time;

    /// <summary>What <c>--output</c> asked for.</summary>
    public OutputFormat Format { get; } = arguments.GetValue(GlobalOptions.Output);

    /// <summary>Shows a result: <paramref name="value"/> as JSON, or <paramref name="view"/> for a person.</summary>
    public void Show(object value, Action<IAnsiConsole> view)
    {
        if (Format == OutputFormat.Json)
        {
            JsonOutput.Write(Terminal.Output, value);
        }
        else
        {
            view(Terminal.Console);
        }
    }

    /// <summary>Connects to the mesh that the command line, the environment or the client file names.</summary>
    public Task<MeshConnection> ConnectAsync(CancellationToken cancellationToken) => MeshConnection.OpenAsync(
        ConnectionSource.Find(Arguments.GetValue(GlobalOptions.Gateways), Arguments.GetValue(GlobalOptions.Store)), Time, cancellationToken);

    /// <summary>Tells a person how far the command is; a pipe and a program get results only.</summary>
    public void Progress(string text)
    {
        if (Terminal.IsInteractive && Format == OutputFormat.Text)
        {
            Terminal.Error.Write($"\r{text,-60}\r");
        }
    }

    /// <summary>
    /// Asks a person who must type <c>yes</c>. Without a person in front (a pipe, a script) the answer is no: a script says <c>--yes</c>.
    /// </summary>
    public bool Confirm(string question)
    {
        if (!Terminal.IsInteractive)
        {
            return false;
        }

        Terminal.Output.Write($"{question} Only \"yes\" is taken: ");
        return string.Equals(Terminal.Input.ReadLine()?.Trim(), "yes", StringComparison.Ordinal);
    }
}

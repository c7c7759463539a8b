using Spectre.Console;

namespace DrMesh.Console.Output;

/// <summary>Where a command reads and writes; a test gives one of its own.</summary>
internal sealed class Terminal
{
    /// <summary>Creates a terminal on the given streams.</summary>
    /// <param name="output">Results.</param>
    /// <param name="error">Errors, one sentence each, and progress.</param>
    /// <param name="input">Answers of a person.</param>
    /// <param name="isInteractive">Whether a person sits in front of it: questions are asked and screens refreshed only then.</param>
    public Terminal(TextWriter output, TextWriter error, TextReader input, bool isInteractive)
    {
        Output = output;
        Error = error;
        Input = input;
        IsInteractive = isInteractive;
        Console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = isInteractive ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isInteractive ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = isInteractive ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!isInteractive)
        {
            // A log or a pipe has no width: a table must not be folded at the 80 columns assumed for one.
            Console.Profile.Width = 200;
        }
    }

    /// <summary>Results.</summary>
    public TextWriter Output { get; }

    /// <summary>Errors and progress.</summary>
    public TextWriter Error { get; }

    /// <summary>Answers of a person.</summary>
    public TextReader Input { get; }

    /// <summary>Whether a person sits in front of it.</summary>
    public bool IsInteractive { get; }

    /// <summary>Draws on <see cref="Output"/>.</summary>
    public IAnsiConsole Console { get; }

    /// <summary>The terminal of this process.</summary>
    public static Terminal OfThisProcess() => new(
        System.Console.Out,
        System.Console.Error,
        System.Console.In,
        !System.Console.IsOutputRedirected && !System.Console.IsInputRedirected);
}

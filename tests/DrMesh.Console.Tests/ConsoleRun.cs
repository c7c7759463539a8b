using DrMesh.Console.Output;

namespace DrMesh.Console.Tests;

/// <summary>Runs one command line in this process, as a pipe would, and keeps what it said.</summary>
internal sealed record ConsoleRun(int ExitCode, string Output, string Error)
{
    public static async Task<ConsoleRun> Async(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await ConsoleProgram.RunAsync(args, new Terminal(output, error, TextReader.Null, isInteractive: false));
        return new ConsoleRun(exitCode, output.ToString(), error.ToString());
    }
}

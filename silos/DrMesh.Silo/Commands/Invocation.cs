using System.CommandLine;
using System.CommandLine.Invocation;
using DrMesh.CommandLine;
using DrMesh.Contracts.Errors;

namespace DrMesh.Silo.Commands;

/// <summary>Runs a command line: faults become one sentence with the next step on stderr and an exit code; a stack trace only with <c>--verbose</c>.</summary>
internal static class Invocation
{
    // A silo drains before it leaves; systemd's TimeoutStopSec is longer than this.
    private static readonly TimeSpan TerminationPatience = TimeSpan.FromSeconds(60);

    /// <summary>Shows the stack trace of a fault; taken by every command.</summary>
    public static Option<bool> Verbose { get; } = new("--verbose") { Description = "Show details of a failure", Recursive = true };

    /// <summary>Runs <paramref name="args"/> and returns the exit code of <see cref="ExitCodes"/>.</summary>
    public static async Task<int> RunAsync(RootCommand root, string[] args)
    {
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0 && parsed.Action is ParseErrorAction)
        {
            var wrong = UsageFault.Of(parsed);
            await SayAsync(wrong.Message, wrong.Hint);
            return ExitCodes.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TerminationPatience });
        }
        catch (Exception fault)
        {
            return await ReportAsync(fault, parsed.GetValue(Verbose));
        }
    }

    private static async Task<int> ReportAsync(Exception fault, bool verbose)
    {
        var known = fault as DrMeshException
            ?? new DrMeshException(DrMeshError.Unexpected, $"{fault.GetType().Name}: {fault.Message}", "run it again with --verbose and report what it shows", fault);
        await SayAsync(known.Message, known.Hint);
        if (verbose)
        {
            await Console.Error.WriteLineAsync(fault.ToString());
        }

        return ExitCodes.For(known.Code);
    }

    private static Task SayAsync(string fact, string hint) => Console.Error.WriteLineAsync($"drmesh: {fact.TrimEnd('.')}; {hint}");
}

using DrMesh.Contracts.Errors;

namespace DrMesh.Console.Output;

/// <summary>How an error reaches a person: one sentence with the next step on stderr, an exit code, and a stack trace only when asked for.</summary>
internal static class ErrorOutput
{
    /// <summary>Writes <paramref name="fault"/> and returns the exit code that stands for it.</summary>
    public static int Write(TextWriter error, Exception fault, bool verbose)
    {
        var (sentence, exitCode) = fault switch
        {
            DrMeshException known => (Sentence(known.Message, known.Hint), ExitCodes.For(known.Code)),
            OperationCanceledException => ("interrupted; what was started in the mesh goes on there (drmesh status shows it)", ExitCodes.Failed),
            TimeoutException late => (Sentence(OneLine(late.Message), "the outcome is not known: look with drmesh status, then repeat"), ExitCodes.Unreachable),
            IOException or UnauthorizedAccessException => (OneLine(fault.Message), ExitCodes.Failed),
            _ => (Sentence($"unexpected fault: {OneLine(fault.Message)}", "repeat with --verbose and report what it prints"), ExitCodes.Failed),
        };
        error.WriteLine($"drmesh: {sentence}");
        if (verbose)
        {
            error.WriteLine(fault);
        }

        return exitCode;
    }

    /// <summary>Writes a usage error and returns <see cref="ExitCodes.Usage"/>.</summary>
    public static int WriteUsage(TextWriter error, string message, string hint)
    {
        error.WriteLine($"drmesh: {Sentence(message, hint)}");
        return ExitCodes.Usage;
    }

    private static string Sentence(string message, string hint) => $"{message.TrimEnd('.')}; {hint}";

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();
}

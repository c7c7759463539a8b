using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Estate;
using DrMesh.Engines.Processes;

namespace DrMesh.Engines.Dns.Hooks;

/// <summary>One run of a program with the call on its standard input; ended with all its children when the time is over.</summary>
internal static class CommandTry
{
    public static async Task<HookOutcome> RunAsync(CommandDefinition command, string body, CancellationToken cancellationToken)
    {
        try
        {
            var result = await ToolProcess.RunAsync(
                new ToolCommand { Program = command.Program, Arguments = command.Arguments, Input = body }, cancellationToken);
            var words = $"exit code {result.ExitCode}{LastLine(result.Error) ?? LastLine(result.Output)}";
            return result.ExitCode == 0 ? HookOutcome.Done(words, result.Output) : HookOutcome.Failed(words);
        }
        catch (DrMeshException missing) when (missing.Code == DrMeshError.ToolMissing)
        {
            return HookOutcome.Final(missing.Message);
        }
    }

    private static string? LastLine(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() is { } line ? ": " + line : null;
}

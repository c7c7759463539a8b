using DrMesh.Contracts.Errors;

namespace DrMesh.Engines.Processes;

/// <summary>How a child process ended and the last of what it said (at most 256 KiB a stream).</summary>
public sealed record ToolResult(string Program, int ExitCode, string Output, string Error)
{
    /// <summary>Returns this result when the child succeeded.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.ToolFailed"/> with the last line the child wrote.</exception>
    public ToolResult EnsureSuccess(string hint)
    {
        if (ExitCode == 0)
        {
            return this;
        }

        var lastLine = LastLine(Error) ?? LastLine(Output) ?? "it wrote nothing";
        throw new DrMeshException(DrMeshError.ToolFailed, $"{Path.GetFileName(Program)} ended with exit code {ExitCode}: {lastLine}", hint);
    }

    private static string? LastLine(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault();
}

using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using DrMesh.Contracts.Errors;

namespace DrMesh.Engines.Processes;

/// <summary>The one way DrMesh runs another program: an argument list, streamed output, and the whole tree ended on cancel.</summary>
public static class ToolProcess
{
    private const int KeptCharacters = 256 * 1024;

    /// <summary>Runs <paramref name="command"/> to its end.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.ToolMissing"/> when the program is not installed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the child and all its children were killed first.</exception>
    public static async Task<ToolResult> RunAsync(ToolCommand command, CancellationToken cancellationToken = default)
    {
        using var process = Start(command);
        var output = new StringBuilder();
        var error = new StringBuilder();
        var reading = Task.WhenAll(
            ReadAsync(process.StandardOutput, output, command.OnOutputLine),
            ReadAsync(process.StandardError, error, command.OnErrorLine));
        try
        {
            await WriteInputAsync(process, command.Input, cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            // A daemon the child left behind may hold the pipes open for ever; what it writes later is not this call's output.
            await reading.WaitAsync(TimeSpan.FromSeconds(1), TimeProvider.System, CancellationToken.None)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            throw;
        }

        lock (output)
        {
            lock (error)
            {
                return new ToolResult(command.Program, process.ExitCode, output.ToString(), error.ToString());
            }
        }
    }

    /// <summary>Starts <paramref name="command"/> and hands over the running process; the caller ends it. Its three streams are pipes.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.ToolMissing"/> when the program is not installed.</exception>
    public static Process Start(ToolCommand command)
    {
        var start = new ProcessStartInfo
        {
            FileName = command.Program,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = command.WorkingDirectory ?? "",
        };
        if (command.RunAs is { } user && Environment.IsPrivilegedProcess && user != Environment.UserName)
        {
            start.FileName = "setpriv";
            string[] switchUser = [$"--reuid={user}", $"--regid={user}", "--init-groups", "--", command.Program];
            foreach (var argument in switchUser)
            {
                start.ArgumentList.Add(argument);
            }
        }

        foreach (var argument in command.Arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in command.Environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            return Process.Start(start) ?? throw new InvalidOperationException("the process was not started");
        }
        catch (Win32Exception missing)
        {
            throw new DrMeshException(
                DrMeshError.ToolMissing,
                $"{start.FileName} could not be started: {missing.Message}",
                "install it (infra/packages lists what DrMesh needs), or put it on PATH",
                missing);
        }
    }

    private static async Task WriteInputAsync(Process process, string? input, CancellationToken cancellationToken)
    {
        try
        {
            if (input is not null)
            {
                await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken);
            }

            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The child ended without reading its input; its exit code says whether that was a failure.
        }
    }

    private static async Task ReadAsync(StreamReader reader, StringBuilder kept, Action<string>? onLine)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            onLine?.Invoke(line);
            lock (kept)
            {
                kept.Append(line).Append('\n');
                if (kept.Length > KeptCharacters)
                {
                    kept.Remove(0, kept.Length - KeptCharacters);
                }
            }
        }
    }
}

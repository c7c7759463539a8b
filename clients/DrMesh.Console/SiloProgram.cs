using System.CommandLine;
using System.Runtime.InteropServices;
using DrMesh.Console.Output;
using DrMesh.Contracts.Errors;

namespace DrMesh.Console;

/// <summary>
/// The commands that host processes (<c>silo</c>, <c>store</c>, <c>mesh</c>) belong to the silo program, which knows the layers below.
/// The console becomes that program, so that signals, the exit code and the terminal are its own.
/// </summary>
internal static class SiloProgram
{
    /// <summary>The commands as the console's help and completion list them.</summary>
    public static readonly IReadOnlyList<Command> Commands =
    [
        new("mesh", "Start and stop a whole mesh on this machine: up, down, ps"),
        new("silo", "Run a silo: silo run --config FILE"),
        new("store", "The control store: init, status, start, stop"),
    ];

    /// <summary>Whether a command line is for the silo program.</summary>
    public static bool Serves(string[] args) => args.Length > 0 && Commands.Any(command => command.Name == args[0]);

    /// <summary>Becomes the silo program; returns only when that failed.</summary>
    public static int TakeOver(string[] args, Terminal terminal)
    {
        var program = Find();
        if (program is null)
        {
            return ErrorOutput.Write(
                terminal.Error,
                new DrMeshException(
                    DrMeshError.ToolMissing,
                    $"the silo program, which serves drmesh {args[0]}, is not beside the console in {AppContext.BaseDirectory}",
                    "install it there, or set DRMESH_SILO_PROGRAM to its path"),
                verbose: false);
        }

        string?[] argv = [program, .. args, null];
        _ = execv(program, argv);
        return ErrorOutput.Write(
            terminal.Error,
            new DrMeshException(
                DrMeshError.ToolFailed,
                $"{program} could not be started: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}",
                "check that it is executable"),
            verbose: false);
    }

    private static string? Find()
    {
        var given = Environment.GetEnvironmentVariable("DRMESH_SILO_PROGRAM");
        var path = string.IsNullOrEmpty(given) ? Path.Combine(AppContext.BaseDirectory, "DrMesh.Silo") : given;
        return File.Exists(path) ? path : null;
    }

    // LPStr is UTF-8 on Linux.
    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int execv(
        [MarshalAs(UnmanagedType.LPStr)] string path,
        [MarshalAs(UnmanagedType.LPArray, ArraySubType = UnmanagedType.LPStr)] string?[] argv);
}

using DrMesh.Engines.Processes;

namespace DrMesh.Lab.Programs;

/// <summary>Starts a server that outlives whoever started it; the world's keeper ends it.</summary>
internal static class Daemon
{
    /// <summary>Starts <paramref name="program"/> in a session of its own, with its output in <paramref name="log"/>.</summary>
    public static async Task StartAsync(string program, IReadOnlyList<string> arguments, string folder, string log, string user, CancellationToken cancellationToken)
    {
        var started = await ToolProcess.RunAsync(
            new ToolCommand
            {
                Program = "setsid",
                Arguments = ["--fork", "sh", "-c", """cd "$0" && exec >>"$1" 2>&1 </dev/null; shift; exec "$@" """, folder, log, program, .. arguments],
                RunAs = user,
                WorkingDirectory = "/",
            },
            cancellationToken);
        started.EnsureSuccess("setsid is part of util-linux");
    }
}

using System.Diagnostics;
using DrMesh.Engines.PostgreSql.Hosting;
using DrMesh.Engines.Processes;

namespace DrMesh.TestKit.Servers;

/// <summary>Ends a PostgreSQL server the way a power cut does.</summary>
public static class PostgresKill
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>SIGKILL to the postmaster; its children notice and leave. Returns when none of them holds the port any more.</summary>
    public static async Task KillAsync(this PostgresInstance instance)
    {
        if (instance.ReadPostmasterPid() is not { } pid)
        {
            return;
        }

        ProcessSignal.SendKill(pid);
        // A killed process keeps its id until its parent has reaped it, and a server does not start while the id in postmaster.pid is taken.
        await Eventually.HoldsAsync(
            () => Task.FromResult(!Directory.Exists($"/proc/{pid}") && !IsProcessLeft(instance)), Patience, () => $"processes of postmaster {pid} are still there");
    }

    // A backend's working directory is the data directory; that is how a killed server's children are told from another server's.
    private static bool IsProcessLeft(PostgresInstance instance) => Process.GetProcessesByName("postgres").Any(process =>
    {
        try
        {
            return File.ResolveLinkTarget($"/proc/{process.Id}/cwd", false)?.FullName == instance.DataDirectory;
        }
        catch (IOException)
        {
            // It ended while it was looked at.
            return false;
        }
    });
}

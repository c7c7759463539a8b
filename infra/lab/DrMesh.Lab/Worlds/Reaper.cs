using System.Globalization;
using DrMesh.Contracts.Errors;
using DrMesh.Engines.Processes;
using DrMesh.Lab.Namespaces;

namespace DrMesh.Lab.Worlds;

/// <summary>Ends a world: every process, then the folder. It needs nothing but the folder's path, and may be repeated, also by two at once.</summary>
internal static class Reaper
{
    private static readonly TimeSpan ServerPatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan KillPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Ends the world in <paramref name="folder"/>; returns when no process and no file of it is left.</summary>
    /// <exception cref="DrMeshException">Processes cannot be ended.</exception>
    public static async Task ReapAsync(WorldFolder folder, TimeProvider time)
    {
        // Database servers may take their leave (they free their shared memory); nobody else may start anything new meanwhile.
        var servers = Postmasters(folder.Path);
        foreach (var pid in WorldProcesses.Find(folder.Path).Where(pid => !IsPostgres(pid)))
        {
            ProcessSignal.SendKill(pid);
        }

        foreach (var pid in servers)
        {
            ProcessSignal.SendContinue(pid);
            ProcessSignal.SendQuit(pid);
        }

        var begun = time.GetTimestamp();
        while (WorldProcesses.Find(folder.Path) is { Count: > 0 } left)
        {
            var waited = time.GetElapsedTime(begun);
            if (waited > KillPatience)
            {
                throw new DrMeshException(
                    DrMeshError.ToolFailed, $"processes {string.Join(", ", left)} of {folder.Path} cannot be ended", "see whether they hang in the kernel (ps: state D), then repeat");
            }

            foreach (var pid in left.Where(pid => waited > ServerPatience || !IsPostgres(pid)))
            {
                ProcessSignal.SendKill(pid);
            }

            await Task.Delay(Pause, time);
        }

        foreach (var file in PidFiles(folder.Path))
        {
            SharedMemory.RemoveOf(file);
        }

        await WorldNamespaces.RemoveAsync(folder);
        await UnmountAsync(folder.Path);
        Remove(folder.Path);
    }

    private static async Task UnmountAsync(string folder)
    {
        foreach (var mounted in File.ReadLines("/proc/self/mounts").Select(line => line.Split(' ')[1]).Where(path => path.StartsWith($"{folder}/", StringComparison.Ordinal)).ToArray())
        {
            // Another one may be faster.
            await ToolProcess.RunAsync(new ToolCommand { Program = "umount", Arguments = [mounted] });
        }
    }

    private static List<int> Postmasters(string folder)
    {
        var living = WorldProcesses.Find(folder).ToHashSet();
        return [.. PidFiles(folder)
            .Select(file => int.TryParse(FirstLine(file), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Where(living.Contains)];
    }

    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Another one was faster.
        }
    }

    private static IReadOnlyList<string> PidFiles(string folder) => Directory.Exists(folder)
        ? [.. Directory.EnumerateFiles(folder, "postmaster.pid", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 3, IgnoreInaccessible = true })]
        : [];

    private static string? FirstLine(string file)
    {
        try
        {
            return File.ReadLines(file).FirstOrDefault();
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static bool IsPostgres(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/comm").TrimEnd() == "postgres";
        }
        catch (IOException)
        {
            return false;
        }
    }
}

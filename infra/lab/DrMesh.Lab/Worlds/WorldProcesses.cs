using System.Globalization;

namespace DrMesh.Lab.Worlds;

/// <summary>
/// Finds the processes of a world by what the kernel says of them: they work in its folder or have it on their command line. A process cannot leave that by being
/// orphaned, and what it starts inherits the first.
/// </summary>
internal static class WorldProcesses
{
    /// <summary>The ids of those that live, but for this process.</summary>
    public static IReadOnlyList<int> Find(string folder) =>
        [.. Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Where(pid => pid > 1 && pid != Environment.ProcessId && IsOf(folder, pid))];

    /// <summary>A process's command line, blanks between; empty: it is gone.</summary>
    public static string CommandOf(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").Replace('\0', ' ');
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static bool IsOf(string folder, int pid)
    {
        try
        {
            var works = File.ResolveLinkTarget($"/proc/{pid}/cwd", returnFinalTarget: false)?.FullName;
            return (works is not null && $"{works}/".StartsWith($"{folder}/", StringComparison.Ordinal))
                || File.ReadAllText($"/proc/{pid}/cmdline").Contains($"{folder}/", StringComparison.Ordinal);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // It ended while it was looked at, or is another user's.
            return false;
        }
    }
}

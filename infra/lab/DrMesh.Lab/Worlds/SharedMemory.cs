using System.Globalization;
using System.Runtime.InteropServices;

namespace DrMesh.Lab.Worlds;

/// <summary>
/// The System V segment by which PostgreSQL keeps two servers off one data directory. A server killed with SIGKILL leaves it behind; <c>postmaster.pid</c> names it in
/// its seventh line. Source: PostgreSQL's <c>miscadmin.h</c>, "LOCK_FILE_LINE_SHMEM_KEY".
/// </summary>
internal static class SharedMemory
{
    private const int RemoveIdentifier = 0;

    /// <summary>Removes the segment of a server that is gone.</summary>
    public static void RemoveOf(string postmasterPidFile)
    {
        var line = File.ReadLines(postmasterPidFile).ElementAtOrDefault(6)?.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (line is [var keyText, var idText]
            && long.TryParse(keyText, NumberStyles.None, CultureInfo.InvariantCulture, out var key)
            && int.TryParse(idText, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            && ShmGet(unchecked((int)key), 0, 0) == id)
        {
            _ = ShmCtl(id, RemoveIdentifier, 0);
        }
    }

    [DllImport("libc", EntryPoint = "shmget", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ShmGet(int key, nuint size, int flags);

    [DllImport("libc", EntryPoint = "shmctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ShmCtl(int id, int command, nint buffer);
}

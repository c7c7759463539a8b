using System.Runtime.InteropServices;
using DrMesh.Contracts.Errors;
using DrMesh.Lab.Worlds;

namespace DrMesh.Lab.Namespaces;

/// <summary>
/// How a command comes to stand in its world's hub: the process becomes <c>nsenter</c>, which becomes this program again, inside. It stays the same process, so a terminal's
/// signals reach it and the world is still its own.
/// </summary>
internal static class HubEntry
{
    private const string Variable = "DRMESH_LAB_WORLD";

    /// <summary>
    /// Inside: the world's folder, made and empty. Outside: makes the folder and its namespaces and goes in; does not return.
    /// </summary>
    /// <exception cref="DrMeshException">This process is not root.</exception>
    public static async Task<WorldFolder> NewWorldAsync(CancellationToken cancellationToken)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } inside)
        {
            return new WorldFolder(inside);
        }

        EnsureRoot();
        await Leftovers.EndAsync(TimeProvider.System);
        var folder = WorldFolder.Next();
        folder.Make();
        WorldOwner.Self(WorldNamespaces.Network.Prefix).Write(folder);
        var namespaces = new WorldNamespaces(folder, WorldRegion.Three(folder, WorldNamespaces.Network), WorldNamespaces.Network);
        try
        {
            await namespaces.CreateAsync(cancellationToken);
        }
        catch
        {
            await Reaper.ReapAsync(folder, TimeProvider.System);
            throw;
        }

        Environment.SetEnvironmentVariable(Variable, folder.Path);
        Become(["nsenter", .. WorldNamespaces.Enter(namespaces.Hub), .. CommandLine()]);
        return folder;
    }

    /// <summary>Says plainly that this process may not do it.</summary>
    public static void EnsureRoot()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            throw new DrMeshException(
                DrMeshError.UsageInvalid, "regions in network namespaces need root, and this process is not", "run it with sudo; ./drmesh demo stands on loopback and needs no rights");
        }
    }

    // What this process was started as: the kernel's own list, with the runtime's program before it where it was started by that.
    private static string[] CommandLine() => [Environment.ProcessPath!, .. File.ReadAllText("/proc/self/cmdline").TrimEnd('\0').Split('\0').Skip(1)];

    private static void Become(IReadOnlyList<string> command)
    {
        // The environment is the managed one, which the C library's does not follow.
        var environment = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>().Select(entry => $"{entry.Key}={entry.Value}");
        _ = Execute("/usr/bin/nsenter", [.. command, null], [.. environment, null]);
        throw new DrMeshException(
            DrMeshError.ToolMissing, $"/usr/bin/nsenter could not be started: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}", "it is part of util-linux");
    }

    [DllImport("libc", EntryPoint = "execve", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Execute(string program, string?[] arguments, string?[] environment);
}

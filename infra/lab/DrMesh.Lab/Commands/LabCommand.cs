using System.CommandLine;
using DrMesh.Contracts.Errors;
using DrMesh.Lab.Worlds;

namespace DrMesh.Lab.Commands;

/// <summary><c>drmesh lab</c>: what runs on this machine beside the product.</summary>
internal static class LabCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var status = new Command("status", "List the worlds that run: those a demo left with --keep, and running demos");
        status.SetAction(_ => ShowStatus());
        var down = new Command("down", "End every world that a demo left running");
        down.SetAction(async (_, _) => await EndAsync());
        return new Command("lab", "The worlds of the demo") { status, down };
    }

    private static int ShowStatus()
    {
        var folders = WorldFolder.All();
        foreach (var folder in folders)
        {
            Console.WriteLine($"{folder.Path}   {Describe(WorldOwner.Read(folder))}   {WorldProcesses.Find(folder.Path).Count} processes");
        }

        if (folders.Count == 0)
        {
            Console.WriteLine("no world runs; start one with ./drmesh demo --keep");
        }

        return ExitCodes.Done;
    }

    private static async Task<int> EndAsync()
    {
        foreach (var folder in WorldFolder.All())
        {
            if (WorldOwner.Read(folder) is { IsKept: false, IsAlive: true } owner)
            {
                Console.WriteLine($"{folder.Path} belongs to the running demo {owner.Pid}; it ends with that");
                continue;
            }

            await Reaper.ReapAsync(folder, TimeProvider.System);
            Console.WriteLine($"ended: {folder.Path}");
        }

        return ExitCodes.Done;
    }

    private static string Describe(WorldOwner? owner) => owner switch
    {
        null => "starting or ending",
        { IsKept: true } => "kept",
        { IsAlive: true } => $"of the running demo {owner.Pid}",
        _ => "left behind; lab down removes it",
    };
}

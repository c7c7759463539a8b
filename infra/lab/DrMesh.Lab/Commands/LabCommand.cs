using System.CommandLine;
using DrMesh.Contracts.Errors;
using DrMesh.Lab.Chaos;
using DrMesh.Lab.Namespaces;
using DrMesh.Lab.Worlds;

namespace DrMesh.Lab.Commands;

/// <summary><c>drmesh lab</c>: what runs on this machine beside the product.</summary>
internal static class LabCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var status = new Command("status", "List the worlds that run: those a demo left with --keep, and running demos");
        status.SetAction(async (_, cancellationToken) => await ShowStatusAsync(cancellationToken));
        var down = new Command("down", "End every world that lab up or a demo left running");
        down.SetAction(async (_, _) => await EndAsync());
        var command = new Command("lab", "The worlds of the demo, and three regions in network namespaces to break") { status, down, ChaosCommand.Create() };
        foreach (var each in NetworkCommands.Create())
        {
            command.Add(each);
        }

        return command;
    }

    private static async Task<int> ShowStatusAsync(CancellationToken cancellationToken)
    {
        var folders = WorldFolder.All();
        foreach (var folder in folders)
        {
            Console.WriteLine($"{folder.Path}   {Describe(WorldOwner.Read(folder))}   {WorldProcesses.Find(folder.Path).Count} processes");
            if (WorldNamespaces.Exist(folder) && Environment.IsPrivilegedProcess)
            {
                var world = NamespaceWorld.In(folder);
                foreach (var region in world.Regions)
                {
                    var processes = await world.Namespaces.ProcessesAsync(region, cancellationToken);
                    Console.WriteLine($"  {region.Id}   {await world.Backbone.DescribeAsync(region, cancellationToken)}   {processes.Count} processes");
                }
            }
        }

        if (folders.Count == 0)
        {
            Console.WriteLine("no world runs; start one with ./drmesh lab up or ./drmesh demo --keep");
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

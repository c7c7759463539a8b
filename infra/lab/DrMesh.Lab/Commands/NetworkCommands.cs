using System.CommandLine;
using DrMesh.Contracts.Errors;
using DrMesh.Engines.Processes;
using DrMesh.Lab.Namespaces;
using DrMesh.Lab.Programs;
using DrMesh.Lab.Worlds;

namespace DrMesh.Lab.Commands;

/// <summary><c>drmesh lab up|partition|heal|kill|start|delay|console</c>: a world in network namespaces, and what can be done to it.</summary>
internal static class NetworkCommands
{
    private static readonly string[] Ways = ["in", "out"];

    /// <summary>Creates them.</summary>
    public static IEnumerable<Command> Create()
    {
        var up = new Command("up", "Start three regions in network namespaces, each with a silo, PostgreSQL and a member of the control store (root)");
        up.SetAction(async (_, cancellationToken) => await UpAsync(cancellationToken));
        yield return up;

        var oneWay = new Option<string?>("--one-way") { Description = "in: nothing gets in; out: nothing gets out; without it: neither" };
        oneWay.AcceptOnlyFromAmong(Ways);
        yield return OnRegion("partition", "Cut a region off", (world, region, arguments, cancellationToken) => world.Backbone.CutAsync(
            region, arguments.GetValue(oneWay) switch { "in" => CutDirection.In, "out" => CutDirection.Out, _ => CutDirection.Both }, cancellationToken), oneWay);

        var healed = new Argument<string?>("region") { Description = "Its name; without one: all", Arity = ArgumentArity.ZeroOrOne };
        var heal = new Command("heal", "Mend what was cut, and take delays away") { healed };
        heal.SetAction(async (arguments, cancellationToken) => await HealAsync(arguments.GetValue(healed), cancellationToken));
        yield return heal;

        yield return OnRegion("kill", "Kill everything in a region: silo, agent, PostgreSQL, its member of the control store", KillAsync);
        yield return OnRegion(
            "start", "Start a killed region's machine: control store and silo; its database is left to DrMesh",
            (world, region, _, cancellationToken) => world.Ground.StartRegionAsync(region, cancellationToken));

        var delay = new Argument<int>("milliseconds") { Description = "So many each way; 0: none" };
        yield return OnRegion("delay", "Delay everything to and from a region", (world, region, arguments, cancellationToken) =>
            world.Backbone.DelayAsync(region, TimeSpan.FromMilliseconds(arguments.GetValue(delay)), cancellationToken), delay);

        var words = new Argument<string[]>("arguments") { Description = "What follows drmesh; after --" };
        var console = new Command("console", "Run drmesh against the lab: ./drmesh lab console -- cluster show orders") { words };
        console.SetAction(async (arguments, cancellationToken) => await ConsoleAsync(arguments.GetValue(words) ?? [], cancellationToken));
        yield return console;
    }

    private static Command OnRegion(string name, string description, Func<NamespaceWorld, WorldRegion, ParseResult, CancellationToken, Task> act, params Symbol[] more)
    {
        var which = new Argument<string>("region") { Description = "Its name, or us, eu, ap" };
        var command = new Command(name, description) { which };
        foreach (var symbol in more)
        {
            if (symbol is Option option)
            {
                command.Add(option);
            }
            else
            {
                command.Add((Argument)symbol);
            }
        }

        command.SetAction(async (arguments, cancellationToken) =>
        {
            var world = NamespaceWorld.Kept();
            var region = world.Region(arguments.GetValue(which)!);
            await act(world, region, arguments, cancellationToken);
            Console.WriteLine($"{region.Id}: {await world.Backbone.DescribeAsync(region, cancellationToken)}");
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task<int> UpAsync(CancellationToken cancellationToken)
    {
        var folder = await HubEntry.NewWorldAsync(cancellationToken);
        var lab = NamespaceWorld.In(folder);
        await using var world = await World.StartAsync(folder, lab.Ground, Console.WriteLine, cancellationToken);
        await world.KeepAsync();
        Console.WriteLine("the lab runs: ./drmesh lab console -- status, ./drmesh lab partition us, ./drmesh lab heal; ./drmesh lab down ends it");
        return ExitCodes.Done;
    }

    private static async Task<int> HealAsync(string? name, CancellationToken cancellationToken)
    {
        var world = NamespaceWorld.Kept();
        foreach (var region in name is null ? world.Regions : [world.Region(name)])
        {
            await world.Backbone.HealAsync(region, cancellationToken);
            await world.Backbone.DelayAsync(region, TimeSpan.Zero, cancellationToken);
            Console.WriteLine($"{region.Id}: {await world.Backbone.DescribeAsync(region, cancellationToken)}");
        }

        return ExitCodes.Done;
    }

    private static async Task KillAsync(NamespaceWorld world, WorldRegion region, ParseResult arguments, CancellationToken cancellationToken)
    {
        foreach (var pid in await world.Namespaces.ProcessesAsync(region, cancellationToken))
        {
            ProcessSignal.SendKill(pid);
        }
    }

    private static async Task<int> ConsoleAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var world = NamespaceWorld.Kept();
        var ran = await ToolProcess.RunAsync(
            new ToolCommand
            {
                Program = "nsenter",
                Arguments = [.. WorldNamespaces.Enter(world.Namespaces.Hub), LabPrograms.Console, .. arguments],
                Environment = new Dictionary<string, string?> { ["DRMESH_STATE"] = world.Folder.Path, ["DRMESH_SILO_PROGRAM"] = LabPrograms.Silo },
                OnOutputLine = Console.WriteLine,
                OnErrorLine = Console.Error.WriteLine,
            },
            cancellationToken);
        return ran.ExitCode;
    }
}

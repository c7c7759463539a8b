using System.CommandLine;
using System.Text.Json;
using DrMesh.Contracts.Errors;
using DrMesh.Lab.Worlds;
using Spectre.Console;

namespace DrMesh.Lab.Demo;

/// <summary><c>drmesh demo</c>.</summary>
internal static class DemoCommand
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var keep = new Option<bool>("--keep") { Description = "Leave everything running at the end, and print how to explore it" };
        var step = new Option<bool>("--step") { Description = "Wait for a key at each act" };
        var picture = new Option<string?>("--picture") { Description = "Write the run as a picture (SVG)", HelpName = "FILE" };
        var output = new Option<string>("--output", "-o") { Description = "text for a person, json for the figures alone", DefaultValueFactory = _ => "text" };
        output.AcceptOnlyFromAmong("text", "json");
        var command = new Command("demo", "Three regions on this machine: backup, a region lost, failover, failback, a dropped table recovered; measured") { keep, step, picture, output };
        command.SetAction((arguments, cancellationToken) =>
            RunAsync(arguments.GetValue(keep), arguments.GetValue(step), arguments.GetValue(picture), arguments.GetValue(output) == "json", cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(bool keep, bool step, string? picture, bool isJson, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        var isTerminal = !isJson && !Console.IsOutputRedirected && !Console.IsInputRedirected;
        var view = new PictureView(isTerminal ? new LiveView(AnsiConsole.Console, step, time) : new PlainView(isJson ? Console.Error : Console.Out, time), time);
        DemoFigures figures;
        World? world = null;
        try
        {
            await using (view)
            {
                view.Act("Three regions start");
                world = await World.StartAsync(view.Tell, cancellationToken);
                world.Console.OnCommand = view.Command;
                figures = await DemoRun.PlayAsync(world, view, time, cancellationToken);
                view.Act("Done");
            }

            if (picture is not null)
            {
                await File.WriteAllTextAsync(picture, view.Draw(figures), cancellationToken);
            }

            if (isJson)
            {
                await Console.Out.WriteLineAsync(JsonSerializer.Serialize(figures, Json));
            }
            else
            {
                AnsiConsole.Write(FiguresView.Draw(figures));
            }

            if (keep)
            {
                await world.KeepAsync();
                await (isJson ? Console.Error : Console.Out).WriteLineAsync(FiguresView.Explore(world));
            }
        }
        finally
        {
            if (world is not null)
            {
                await world.DisposeAsync();
            }
        }

        return ExitCodes.Done;
    }
}

using System.CommandLine;
using System.Text.Json.Nodes;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Estate.Schema;
using DrMesh.Core.Estate.Writing;
using Spectre.Console;

namespace DrMesh.Console.Commands.Estate;

/// <summary><c>drmesh estate validate|plan|apply|show|history|schema</c>.</summary>
internal static class EstateCommand
{
    private const string Description = "The estate file, or - for the standard input";

    /// <summary>Creates the command.</summary>
    public static Command Create(CommandRunner runner) => new("estate", "What DrMesh guards: check a file, see what it changes, apply it")
    {
        Validate(runner),
        Plan(runner),
        Apply(runner),
        Show(runner),
        History(runner),
        Schema(runner),
    };

    private static Command Validate(CommandRunner runner)
    {
        var path = new Argument<string>("FILE") { Description = Description };
        return runner.Run(new Command("validate", "Errors and warnings of a file; needs no silo") { path }, async (context, token) =>
        {
            var file = await EstateFile.ReadAsync(context.Arguments.GetRequiredValue(path), context.Terminal.Input, token);
            context.Show(new { file = file.Name, isValid = file.Reading.Document is not null, file.Reading.Findings }, _ =>
            {
                FindingsView.Write(context.Terminal, file.Name, file.Reading.Findings);
                if (file.Reading.Document is { } estate)
                {
                    context.Terminal.Output.WriteLine($"{file.Name} is valid: {FindingsView.Contents(estate)}");
                }
                else
                {
                    context.Terminal.Error.WriteLine($"drmesh: {FindingsView.Count(file.Reading.Findings)} in {file.Name}; mend them and repeat");
                }
            });
            return file.Reading.Document is null ? ExitCodes.For(DrMeshError.EstateInvalid) : ExitCodes.Done;
        });
    }

    private static Command Plan(CommandRunner runner)
    {
        var path = new Argument<string>("FILE") { Description = Description };
        return runner.Run(new Command("plan", "What applying a file would add, change and remove") { path }, async (context, token) =>
        {
            var file = await EstateFile.ReadAsync(context.Arguments.GetRequiredValue(path), context.Terminal.Input, token);
            if (file.Reading.Document is null)
            {
                return EstateApply.Refuse(context, file);
            }

            await using var mesh = await context.ConnectAsync(token);
            return await EstateApply.PlanAsync(context, mesh.Grains.GetGrain<IEstateGrain>(IEstateGrain.Key), file, token);
        });
    }

    private static Command Apply(CommandRunner runner)
    {
        var path = new Argument<string>("FILE") { Description = Description };
        var yes = new Option<bool>("--yes") { Description = "Do not ask" };
        var reason = new Option<string?>("--reason") { Description = "Why; kept in the history and the audit trail" };
        return runner.Run(new Command("apply", "Make a file the estate: shows the plan, asks, applies") { path, yes, reason }, async (context, token) =>
        {
            var file = await EstateFile.ReadAsync(context.Arguments.GetRequiredValue(path), context.Terminal.Input, token);
            if (file.Reading.Document is null)
            {
                return EstateApply.Refuse(context, file);
            }

            await using var mesh = await context.ConnectAsync(token);
            return await EstateApply.RunAsync(
                context, mesh.Grains.GetGrain<IEstateGrain>(IEstateGrain.Key), file, context.Arguments.GetValue(yes), context.Arguments.GetValue(reason), token);
        });
    }

    private static Command Show(CommandRunner runner)
    {
        var full = new Option<bool>("--full") { Description = "With every default written out" };
        return runner.Run(new Command("show", "The estate as it was applied last, as a file to edit and apply") { full }, async (context, token) =>
        {
            await using var mesh = await context.ConnectAsync(token);
            var current = await mesh.Grains.GetGrain<IEstateGrain>(IEstateGrain.Key).Current(token);
            context.Show(new { current.Version, current.Hash, estate = JsonNode.Parse(current.Text) }, _ =>
            {
                if (current.Version == 0)
                {
                    context.Terminal.Output.WriteLine("# nothing was applied yet");
                    return;
                }

                context.Terminal.Output.WriteLine($"# version {current.Version}, {current.Hash[..12]}");
                context.Terminal.Output.Write(context.Arguments.GetValue(full) ? EstateWriter.Full(current.Estate) : EstateWriter.Brief(current.Estate));
            });
            return ExitCodes.Done;
        });
    }

    private static Command History(CommandRunner runner)
    {
        var limit = new Option<int>("--limit") { Description = "At most so many, the newest first", DefaultValueFactory = _ => 20 };
        return runner.Run(new Command("history", "The versions: who applied them, when and why") { limit }, async (context, token) =>
        {
            await using var mesh = await context.ConnectAsync(token);
            var history = await mesh.Grains.GetGrain<IEstateGrain>(IEstateGrain.Key).History(context.Arguments.GetValue(limit), token);
            context.Show(history, console =>
            {
                if (history.IsEmpty)
                {
                    console.WriteLine("nothing was applied yet");
                    return;
                }

                var table = new Table().Border(TableBorder.None).AddColumns("version", "applied", "by", "hash", "reason");
                foreach (var entry in history)
                {
                    table.AddRow(new Text($"{entry.Version}"), new Text($"{entry.AppliedAt:u}"), new Text(entry.Actor), new Text(entry.Hash[..12]), new Text(entry.Reason ?? ""));
                }

                console.Write(table);
            });
            return ExitCodes.Done;
        });
    }

    private static Command Schema(CommandRunner runner)
    {
        var markdown = new Option<bool>("--markdown") { Description = "The reference of all keys instead, as in infra/docs/estate.md" };
        return runner.Run(new Command("schema", "The JSON Schema of the estate file, for editors; needs no silo") { markdown }, (context, _) =>
        {
            context.Terminal.Output.Write(context.Arguments.GetValue(markdown) ? EstateReference.Markdown() : EstateJsonSchema.Text());
            return Task.FromResult(ExitCodes.Done);
        });
    }
}

using System.CommandLine;
using DrMesh.Console.Output;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups;
using static DrMesh.Console.Output.Tables;

namespace DrMesh.Console.Commands.Repository;

/// <summary><c>drmesh repo show</c>.</summary>
internal static class RepoShow
{
    private static readonly Argument<string> Backup = new("backup") { Description = "The backup's name" };
    private static readonly Option<bool> Files = new("--files") { Description = "List its paths, too" };

    public static Command Create(CommandRunner runner) =>
        runner.Run(new Command("show", "Show what a backup is") { Backup, Files }, RunAsync);

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        await using var repository = await context.OpenRepositoryAsync(cancellationToken);
        await using var reader = await repository.OpenAsync(await repository.NamedAsync(context.Arguments.GetRequiredValue(Backup), cancellationToken), cancellationToken);
        var paths = new List<PathLine>();
        if (context.Arguments.GetValue(Files))
        {
            await foreach (var file in reader.FilesAsync(cancellationToken))
            {
                paths.Add(new PathLine(file.Path, file.Kind, file.Length, file.ModifiedAt, file.LinkTarget));
            }
        }

        var summary = reader.Summary;
        context.Show(new { backup = summary, files = context.Arguments.GetValue(Files) ? paths : null }, console =>
        {
            var table = Tables.Create("", "");
            table.ShowHeaders = false;
            table.Row(Plain("backup"), Plain(summary.Id.Value));
            table.Row(Plain("source"), Plain($"{summary.Source} ({summary.Engine})"));
            table.Row(Plain("kind"), Plain(summary.Parent is { } parent ? $"incremental to {parent}; restores by itself" : "full"));
            table.Row(Plain("taken"), Plain($"{Ago.Moment(summary.StartedAt)} to {Ago.Moment(summary.CompletedAt)}"));
            table.Row(Plain("size"), Plain($"{Bytes.Text(summary.LogicalBytes)} in {summary.FileCount} files; {Bytes.Text(summary.StoredBytes)} added"));
            table.Row(Plain("tiers"), Plain(string.Join(", ", summary.Tiers)));
            foreach (var (name, value) in summary.Facts.Concat(summary.Labels).OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                table.Row(Plain(name), Plain(value));
            }

            foreach (var root in summary.Roots)
            {
                table.Row(Plain("root"), Plain($"{root.Path} -> {root.Location}"));
            }

            foreach (var warning in summary.Warnings)
            {
                table.Row(Plain("warning"), Bad(warning));
            }

            console.Write(table);
            foreach (var path in paths.OrderBy(path => path.Path, StringComparer.Ordinal))
            {
                context.Terminal.Output.WriteLine($"{Bytes.Text(path.Length),12}  {path.Path}{(path.LinkTarget.Length > 0 ? " -> " + path.LinkTarget : "")}");
            }
        });
        return ExitCodes.Done;
    }

    private sealed record PathLine(string Path, BackupFileKind Kind, long Length, DateTimeOffset ModifiedAt, string LinkTarget);
}

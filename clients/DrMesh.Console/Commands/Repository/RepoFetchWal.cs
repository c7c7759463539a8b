using System.CommandLine;
using DrMesh.Console.Output;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups.Logs;

namespace DrMesh.Console.Commands.Repository;

/// <summary><c>drmesh repo fetch-wal</c>: one WAL segment or history file out of the log archive, from the first tier that has it.</summary>
internal static class RepoFetchWal
{
    private const int TimelineLength = 8;
    private static readonly Argument<string> Name = new("name") { Description = "The segment's or history file's name" };
    private static readonly Argument<string> Target = new("target") { Description = "File to write" };
    private static readonly Option<string> Source = new("--source") { Description = "The cluster", HelpName = "NAME", Required = true };
    private static readonly Option<bool> Partial = new("--partial") { Description = "Take the beginning of a segment where the whole one is not archived" };

    public static Command Create(CommandRunner runner) =>
        runner.Run(new Command("fetch-wal", "Fetch an archived WAL segment") { Name, Target, Source, Partial }, RunAsync);

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        await using var repository = await context.OpenRepositoryAsync(cancellationToken);
        var file = context.Arguments.GetRequiredValue(Name);
        var source = context.Arguments.GetRequiredValue(Source);
        var name = new LogName(GroupOf(file), file);
        foreach (var tier in repository.Tiers)
        {
            if (await repository.OpenLog(source, tier).ReadAsync(name, cancellationToken) is { } log
                && (log.IsComplete || context.Arguments.GetValue(Partial)))
            {
                await WriteAsync(context.Arguments.GetRequiredValue(Target), log.Content, cancellationToken);
                context.Show(new { name = file, tier, log.IsComplete, bytes = log.Content.Length }, _ =>
                    context.Terminal.Output.WriteLine($"{file} from {tier}, {Bytes.Text(log.Content.Length)}{(log.IsComplete ? "" : " (the beginning only)")}"));
                return ExitCodes.Done;
            }
        }

        throw new DrMeshException(
            DrMeshError.RepositoryObjectMissing, $"no tier has {file} of {source}", "this is normal at the end of the archive; drmesh repo verify finds holes before it");
    }

    // History files are a group of their own; segments are grouped by their timeline.
    private static string GroupOf(string file) => file.EndsWith(".history", StringComparison.Ordinal) || file.Length < TimelineLength
        ? "history"
        : file[..TimelineLength];

    private static async Task WriteAsync(string target, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        // PostgreSQL takes a file that is there for whole.
        var partial = target + ".tmp";
        await File.WriteAllBytesAsync(partial, content, cancellationToken);
        File.Move(partial, target, overwrite: true);
    }
}

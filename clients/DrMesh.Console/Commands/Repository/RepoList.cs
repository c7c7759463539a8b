using System.CommandLine;
using System.Globalization;
using DrMesh.Console.Output;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups;
using static DrMesh.Console.Output.Tables;

namespace DrMesh.Console.Commands.Repository;

/// <summary><c>drmesh repo ls</c>.</summary>
internal static class RepoList
{
    private static readonly Option<string?> Source = new("--source") { Description = "Only backups of this cluster or file tree", HelpName = "NAME" };

    public static Command Create(CommandRunner runner) =>
        runner.Run(new Command("ls", "List the backups of a repository") { Source }, RunAsync);

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        await using var repository = await context.OpenRepositoryAsync(cancellationToken);
        var backups = new List<BackupSummary>();
        await foreach (var backup in repository.ListAsync(context.Arguments.GetValue(Source), cancellationToken))
        {
            backups.Add(backup);
        }

        context.Show(backups, console =>
        {
            var table = Tables.Create("BACKUP", "SOURCE", "ENGINE", "COMPLETED", "KIND", "SIZE", "ADDED", "TIERS", "STATE");
            foreach (var backup in backups.OrderBy(backup => backup.CompletedAt))
            {
                table.Row(
                    Plain(backup.Id.Value),
                    Plain(backup.Source),
                    Plain(backup.Engine),
                    Plain(Ago.Since(backup.CompletedAt, context.Time.GetUtcNow())),
                    Plain(backup.Parent is { } parent ? $"incremental to {parent}" : "full"),
                    Plain(Bytes.Text(backup.LogicalBytes)),
                    Plain(Bytes.Text(backup.StoredBytes)),
                    backup.Tiers.Count == repository.Tiers.Count ? Good(string.Join(", ", backup.Tiers)) : Warning(string.Join(", ", backup.Tiers)),
                    backup.Warnings.Count == 0 ? Good("whole") : Bad($"{backup.Warnings.Count.ToString(CultureInfo.InvariantCulture)} WARNINGS"));
            }

            console.Write(table);
        });
        return ExitCodes.Done;
    }
}

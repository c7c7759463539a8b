using System.CommandLine;
using DrMesh.Console.Output;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups;
using static DrMesh.Console.Output.Tables;

namespace DrMesh.Console.Commands.Repository;

/// <summary><c>drmesh repo verify</c>: exit code 1 when anything is damaged or missing.</summary>
internal static class RepoVerify
{
    private static readonly Argument<string?> Backup = new("backup")
    {
        Description = "One backup and all it needs; without: every object of the repository",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<VerifyDepth> Depth = new("--depth")
    {
        Description = "content: decode every chunk; stored: compare every object with its checksum; presence: only look whether everything is there",
        DefaultValueFactory = _ => VerifyDepth.Content,
    };

    public static Command Create(CommandRunner runner) =>
        runner.Run(new Command("verify", "Read and check every object") { Backup, Depth }, RunAsync);

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        await using var repository = await context.OpenRepositoryAsync(cancellationToken);
        var request = new VerifyRequest
        {
            Backup = context.Arguments.GetValue(Backup) is { } backup ? await repository.NamedAsync(backup, cancellationToken) : null,
            Depth = context.Arguments.GetValue(Depth),
        };
        VerifyReport report;
        using (var progress = new ByteProgress<VerifyProgress>(context.Terminal, context.Time, "verifying", value => (value.DoneBytes, value.TotalBytes)))
        {
            report = await repository.VerifyAsync(request, progress, cancellationToken);
        }

        context.Show(report, console =>
        {
            if (report.Damages.Count > 0)
            {
                var table = Tables.Create("TIER", "OBJECT", "BACKUPS", "WHAT");
                foreach (var damage in report.Damages)
                {
                    table.Row(Plain(damage.Tier), Bad(damage.Key), Plain(string.Join(", ", damage.Backups.Select(id => id.Value))), Plain(damage.Fact));
                }

                console.Write(table);
            }

            context.Terminal.Output.WriteLine($"{report.Objects} objects, {Bytes.Text(report.Bytes)} checked: {(report.Damages.Count == 0 ? "whole" : $"{report.Damages.Count} damaged")}");
        });
        return report.Damages.Count == 0
            ? ExitCodes.Done
            : throw new DrMeshException(
                DrMeshError.RepositoryDamaged,
                $"{report.Damages.Count} objects are damaged or missing",
                "copy them from another tier (drmesh repo copy), or make a new full backup");
    }
}

using System.CommandLine;
using DrMesh.Console.Output;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups;

namespace DrMesh.Console.Commands.Repository;

/// <summary><c>drmesh repo copy</c>: brings a tier up to another; repeatable, what is there is not copied again.</summary>
internal static class RepoCopy
{
    private static readonly Argument<string?> Backup = new("backup")
    {
        Description = "One backup; without: all backups and logs",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string?> From = new("--from") { Description = "Tier to read; without: the first --repo", HelpName = "TIER" };
    private static readonly Option<string?> To = new("--to") { Description = "Tier to write; without: the second --repo", HelpName = "TIER" };

    public static Command Create(CommandRunner runner) =>
        runner.Run(new Command("copy", "Copy backups and logs from one tier to another") { Backup, From, To }, RunAsync);

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        await using var repository = await context.OpenRepositoryAsync(cancellationToken, create: true);
        if (repository.Tiers.Count < 2)
        {
            throw new DrMeshException(DrMeshError.UsageInvalid, "only one tier is named", "give --repo twice: where to read, where to write");
        }

        var request = new CopyRequest
        {
            From = context.Arguments.GetValue(From) ?? repository.Tiers[0],
            To = context.Arguments.GetValue(To) ?? repository.Tiers[1],
            Backup = context.Arguments.GetValue(Backup) is { } backup ? await repository.NamedAsync(backup, cancellationToken) : null,
        };
        CopyReport report;
        using (var progress = new ByteProgress<CopyProgress>(context.Terminal, context.Time, "copying", value => (value.DoneBytes, value.TotalBytes)))
        {
            report = await repository.CopyAsync(request, progress, cancellationToken);
        }

        context.Show(report, _ => context.Terminal.Output.WriteLine(
            $"copied {report.Backups.Count} backups from {request.From} to {request.To}: {report.Objects} objects, {Bytes.Text(report.Bytes)}"));
        return ExitCodes.Done;
    }
}

using System.CommandLine;
using DrMesh.Console.Output;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups;

namespace DrMesh.Console.Commands.Repository;

/// <summary><c>drmesh repo gc</c>.</summary>
internal static class RepoGarbage
{
    private static readonly Option<double> Grace = new("--grace-hours")
    {
        Description = "How long what nobody refers to stays before a later run removes it",
        DefaultValueFactory = _ => new GarbageRequest().Grace.TotalHours,
        HelpName = "HOURS",
    };

    private static readonly Option<double> AbandonAfter = new("--abandon-after-hours")
    {
        Description = "A backup that runs longer is taken for dead",
        DefaultValueFactory = _ => new GarbageRequest().AbandonAfter.TotalHours,
        HelpName = "HOURS",
    };

    public static Command Create(CommandRunner runner) =>
        runner.Run(new Command("gc", "Free what no backup refers to, in two runs") { Grace, AbandonAfter }, RunAsync);

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        await using var repository = await context.OpenRepositoryAsync(cancellationToken);
        var request = new GarbageRequest
        {
            Grace = TimeSpan.FromHours(context.Arguments.GetValue(Grace)),
            AbandonAfter = TimeSpan.FromHours(context.Arguments.GetValue(AbandonAfter)),
        };
        var report = await repository.CollectGarbageAsync(request, cancellationToken);
        context.Show(report, _ => context.Terminal.Output.WriteLine(
            $"{report.Removed} objects removed, {Bytes.Text(report.FreedBytes)} freed; {report.Condemned} packs condemned for a later run; {report.Locked} held by locks"));
        return ExitCodes.Done;
    }
}

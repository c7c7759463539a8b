using System.Globalization;
using DrMesh.Console.Output;
using DrMesh.Contracts.Recovery;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DrMesh.Console.Commands.Recovery;

/// <summary>How a plan is shown to a person.</summary>
internal static class RecoveryView
{
    /// <summary>Several plans, one under another.</summary>
    public static IRenderable Draw(IEnumerable<RecoveryPreview> previews) => new Rows(previews.Select(Draw));

    private static IRenderable Draw(RecoveryPreview preview)
    {
        var kind = preview.Kind.ToString().ToLowerInvariant();
        List<IRenderable> lines = [Tables.Plain($"{kind} of {preview.Application}{(preview.From is { } from ? $" from {from}" : "")}, strategy {preview.Strategy.ToString().ToLowerInvariant()}")];
        lines.AddRange(preview.Blocks.Select(block => Tables.Bad($"blocked: {block}")));
        lines.AddRange(preview.Approvals.Select(approval => Tables.Warning($"needs approval: {approval}")));
        lines.AddRange(preview.Warnings.Select(warning => Tables.Warning($"warning: {warning}")));
        if (!preview.Clusters.IsEmpty)
        {
            lines.Add(Text.Empty);
            lines.Add(Clusters(preview));
            lines.AddRange(preview.Clusters.Where(cluster => cluster.RestoredFrom is not null).Select(cluster => Tables.Plain(Restore(cluster))));
            lines.AddRange(preview.Clusters.Where(cluster => cluster.LossRests is not null).Select(cluster => Tables.Plain($"loss of {cluster.Cluster}: {cluster.LossRests}")));
        }

        foreach (var set in preview.Sets)
        {
            lines.Add(Text.Empty);
            lines.Add(Tables.Plain($"{set.Cluster}: {(set.Candidate is { } candidate ? $"{(set.OldPrimary.Length > 0 ? set.OldPrimary : "no primary")} to {candidate}, {set.Way}" : "stays as it is")}: {set.Reason}"));
            lines.Add(Members(set));
        }

        if (!preview.Services.IsEmpty)
        {
            lines.Add(Tables.Plain($"names of {string.Join(", ", preview.Services)} move afterwards"));
        }

        if (preview.ExpectedGap is { } gap)
        {
            lines.Add(Tables.Plain(string.Create(CultureInfo.InvariantCulture, $"beside the work itself, clients may wait up to {gap.TotalSeconds:0.#} s: detection, {(preview.Clusters.Any(cluster => cluster.RestoreTime is not null) ? "the restore, " : "")}lease, and old DNS answers")));
        }

        lines.AddRange(preview.Steps.Select((step, number) => Tables.Plain(string.Create(CultureInfo.InvariantCulture, $"  {number + 1}. {step}"))));
        return new Rows(lines);
    }

    private static string Restore(ClusterPreview cluster)
    {
        var time = cluster.RestoreTime is { } estimate ? string.Create(CultureInfo.InvariantCulture, $"about {estimate.TotalSeconds:0} s by earlier restores") : "no earlier restore tells how long it takes";
        var loss = cluster.ExpectedLossTime is { } lost && lost > TimeSpan.Zero ? string.Create(CultureInfo.InvariantCulture, $"; the newest archived commit is {lost.TotalSeconds:0.#} s older than the last moment at which {cluster.OldPrimary} can write") : "";
        return $"{cluster.Candidate} comes up from {cluster.RestoredFrom}: {time}{loss}";
    }

    private static Table Members(SetPreview set)
    {
        var table = Tables.Create("MEMBER", "REGION", "STATE", "VOTES", "PRIORITY", "OPTIME", "BEHIND");
        foreach (var member in set.Members)
        {
            table.Row(
                Tables.Plain(member.Name),
                Tables.Plain(member.Region.Value),
                member.Position is null ? Tables.Bad(member.State) : Tables.Plain(member.State),
                Tables.Plain(member.Votes.ToString(CultureInfo.InvariantCulture)),
                Tables.Plain(member.Priority.ToString("0.##", CultureInfo.InvariantCulture)),
                Tables.Plain(member.Position),
                Tables.Plain(member.BehindSeconds is { } behind ? string.Create(CultureInfo.InvariantCulture, $"{behind} s") : null));
        }

        return table;
    }

    private static Table Clusters(RecoveryPreview preview)
    {
        var table = Tables.Create("CLUSTER", "FROM", "TO", "LOSS", "PROMISES MISSING");
        foreach (var cluster in preview.Clusters)
        {
            table.Row(
                Tables.Plain(cluster.Cluster.Value),
                Tables.Plain(cluster.OldPrimary),
                cluster.Candidate is { } candidate ? Tables.Plain(candidate) : Tables.Bad("nobody answers"),
                cluster.ExpectedLossBytes switch
                {
                    0 => Tables.Good("none"),
                    { } bytes => Tables.Warning(ByteCount.Of(bytes)),
                    null => Tables.Bad("unknown"),
                },
                Tables.Plain(cluster.MissingPromises?.ToString(CultureInfo.InvariantCulture)));
        }

        return table;
    }
}

using DrMesh.Console.Output;
using DrMesh.Contracts.Restores;
using DrMesh.Contracts.Restores.Unified;
using Spectre.Console;
using Spectre.Console.Rendering;
using static DrMesh.Console.Output.Tables;

namespace DrMesh.Console.Commands.Restores;

/// <summary>Draws plans of an application's restore for a person.</summary>
internal static class ApplicationRestoreView
{
    /// <summary>The plan, or why there is none.</summary>
    public static Rows Draw(UnifiedPitrPlan plan)
    {
        var rows = new List<IRenderable> { Plain($"target    {plan.Target}") };
        if (plan.Refusal is { } refusal)
        {
            rows.Add(Bad($"{refusal}; {plan.Hint}"));
            return new Rows(rows);
        }

        rows.Add(Plain($"backup    {plan.Backup}, its point taken {Ago.Moment(plan.TakenAt!.Value)}"));
        var parts = Create("PART", "BACKUP", "SIZE", "LOG", "STOPS", "TAKES ABOUT");
        foreach (var part in plan.Parts)
        {
            parts.Row(
                Plain($"{part.Kind} {part.Name}"), Plain(part.Backup.Value), Plain(ByteCount.Of(part.BaseBytes)), Plain(part.LogBytes is { } log ? ByteCount.Of(log) : "-"),
                part.IsExact ? Plain(part.Stop) : Warning(part.Stop), Plain(part.Estimate is { } estimate ? Ago.Duration(estimate) : "not known"));
        }

        rows.Add(parts);
        var strategies = Create("STRATEGY", "TURNS", "UNTIL ALL IS RESTORED", "RISK");
        foreach (var offer in plan.Strategies)
        {
            strategies.Row(
                offer.IsChosen ? Good($"{offer.Strategy}, chosen") : Plain(offer.Strategy.ToString()), Plain($"{offer.Turns}"),
                Plain(offer.Estimate is { } estimate ? Ago.Duration(estimate) : "not known: no earlier restore tells"), Plain(offer.Risk));
        }

        rows.Add(strategies);
        Add(rows, "steps", plan.Steps);
        Add(rows, "when a part fails", plan.Rollback);
        return new Rows(rows);
    }

    private static void Add(List<IRenderable> rows, string title, IEnumerable<PitrStep> steps)
    {
        rows.Add(Plain(title));
        rows.AddRange(steps.Select((step, index) => Plain($"  {index + 1}. {step.Name}: {step.Text}")));
    }
}

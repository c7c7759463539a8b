using DrMesh.Console.Output;
using DrMesh.Contracts.Restores;
using Spectre.Console;
using Spectre.Console.Rendering;
using static DrMesh.Console.Output.Tables;

namespace DrMesh.Console.Commands.Restores;

/// <summary>Draws recovery windows and plans for a person.</summary>
internal static class PitrView
{
    /// <summary>The windows, oldest first.</summary>
    public static IRenderable Draw(IReadOnlyCollection<RecoveryWindow> windows)
    {
        if (windows.Count == 0)
        {
            return Bad("nothing can be restored: there is no base backup with all of its log");
        }

        var table = Create("FROM", "TO", "POSITIONS", "TIMELINE", "ENDS AT", "BASE BACKUP");
        foreach (var window in windows)
        {
            table.Row(
                Plain(Ago.Moment(window.From)),
                Plain(Ago.Moment(window.To)),
                Plain($"{window.FromPosition} to {window.ToPosition}"),
                Plain(window.Timeline),
                window.EndsAt == "hole" ? Bad("a hole: log is missing") : Plain(window.EndsAt),
                Plain(window.Backup));
        }

        return table;
    }

    /// <summary>A plan, or why there is none and what is nearest.</summary>
    public static IRenderable Draw(PitrPlan plan)
    {
        var parts = new List<IRenderable> { Plain($"target    {plan.Target}") };
        if (plan.Refusal is { } refusal)
        {
            parts.Add(Bad(refusal));
            AddNearest(parts, "before", plan.NearestBefore);
            AddNearest(parts, "after", plan.NearestAfter);
            return new Rows(parts);
        }

        parts.Add(Plain($"base      {plan.Backup} from tier {plan.Tier}, {ByteCount.Of(plan.BaseBytes)}"));
        parts.Add(Plain($"log       {plan.LogFrom} to {plan.LogTo}, {ByteCount.Of(plan.LogBytes)}, timeline {plan.Timeline}"));
        parts.Add(Plain($"estimate  {(plan.Estimate is { } estimate ? Ago.Duration(estimate) : "not known: no earlier restore of this cluster")}"));
        parts.Add(Plain($"loss      {(plan.DataLoss is { } loss ? Ago.Duration(loss) : "not known in time")}; {ByteCount.Of(plan.DroppedLogBytes)} of log after the target is not replayed"));
        AddSteps(parts, "steps", plan.Steps);
        AddSteps(parts, "to go back", plan.Rollback);
        return new Rows(parts);
    }

    private static void AddNearest(List<IRenderable> parts, string side, DateTimeOffset? moment)
    {
        if (moment is { } time)
        {
            parts.Add(Plain($"nearest {side}: --to {time:yyyy-MM-ddTHH:mm:ss.ffffffZ}"));
        }
    }

    private static void AddSteps(List<IRenderable> parts, string title, IReadOnlyList<PitrStep> steps)
    {
        parts.Add(Text.Empty);
        parts.Add(Plain(title));
        parts.AddRange(steps.Select((step, index) => Plain(
            $"  {index + 1}. {step.Name}: {step.Text}{(step.Estimate is { } estimate ? $" (about {Ago.Duration(estimate)})" : "")}")));
    }
}

using System.Globalization;
using DrMesh.Console.Output;
using DrMesh.Contracts.Traffic;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DrMesh.Console.Commands.Traffic;

/// <summary>How traffic is shown to a person.</summary>
internal static class TrafficView
{
    /// <summary>Where a service's traffic goes.</summary>
    public static IRenderable Draw(TrafficStatus status, DateTimeOffset now)
    {
        var table = Tables.Create("SERVICE", status.Service.Name);
        table.Row(Tables.Plain("goes to"), status.Active is { } active ? Tables.Good(active.Value) : Tables.Warning("no region yet"));
        table.Row(Tables.Plain("names"), Tables.Plain(string.Join(", ", status.Service.Names)));
        table.Row(Tables.Plain("mode"), Tables.Plain($"{status.Service.Mode.ToString().ToLowerInvariant()} at {status.Service.Provider}, TTL {status.Service.Ttl.TotalSeconds:0} s"));
        table.Row(Tables.Plain("epoch"), Tables.Plain($"{status.Epoch}, switch {status.Generation}"));
        foreach (var drift in status.Drift)
        {
            table.Row(Tables.Plain("differs"), Tables.Bad(drift));
        }

        return status.Last is { } last ? new Rows(table, new Text(""), Draw(last, now)) : table;
    }

    /// <summary>What a switch would do.</summary>
    public static IRenderable Draw(TrafficPlan plan)
    {
        List<IRenderable> lines = [.. plan.Refusals.Select(text => Tables.Bad("refused: " + text))];
        lines.AddRange(plan.Changes.Select(text => Tables.Plain(text)));
        lines.AddRange(plan.Warnings.Select(text => Tables.Warning("warning: " + text)));
        if (plan.Changes.Count == 0 && plan.Refusals.Count == 0)
        {
            lines.Add(Tables.Good("no record has to change"));
        }

        if (plan.OldAnswersLiveFor > TimeSpan.Zero)
        {
            lines.Add(Tables.Plain($"resolvers may answer with the old region for {plan.OldAnswersLiveFor.TotalSeconds:0} s more"));
        }

        return new Rows(lines);
    }

    /// <summary>How a switch went.</summary>
    public static IRenderable Draw(TrafficOperation operation, DateTimeOffset now)
    {
        var seconds = ((operation.EndedAt ?? now) - operation.StartedAt).TotalSeconds;
        var head = string.Create(CultureInfo.InvariantCulture, $"{operation.Phase.ToString().ToLowerInvariant()} from {operation.From?.Value ?? "nowhere"} to {operation.To}, {seconds:0.0} s: {operation.Detail}");
        List<IRenderable> lines =
        [
            operation.Phase switch
            {
                TrafficPhase.Switched => Tables.Good(head),
                TrafficPhase.Refused or TrafficPhase.Failed => Tables.Bad(head),
                _ => Tables.Warning(head),
            },
        ];
        if (operation.Hint.Length > 0)
        {
            lines.Add(Tables.Plain("next: " + operation.Hint));
        }

        lines.AddRange(operation.Evidence.Select(fact => Tables.Plain(string.Create(CultureInfo.InvariantCulture, $"  {fact.At:HH:mm:ss.fff} {fact.Fact}"))));
        return new Rows(lines);
    }
}

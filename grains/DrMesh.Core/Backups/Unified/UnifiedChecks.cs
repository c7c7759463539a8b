using System.Globalization;
using DrMesh.Contracts.Backups.Unified;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Backups.Files;
using DrMesh.Core.Backups.MongoDb;
using DrMesh.Core.Sessions;

namespace DrMesh.Core.Backups.Unified;

/// <summary>Whether the parts of a unified backup fit each other, from what the steps observed.</summary>
public static class UnifiedChecks
{
    /// <summary>One sentence for each thing that does not fit; empty: they fit.</summary>
    public static IReadOnlyList<string> Problems(SessionState<UnifiedBackupPlan> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var problems = new List<string>();
        var consistency = state.Plan.Consistency;
        if (consistency.Mode == ConsistencyMode.Fence && !(UnifiedFacts.Milliseconds(state, "heldMs") is > 0 and var held && held <= consistency.FenceLimit.TotalMilliseconds))
        {
            problems.Add($"writes were held {UnifiedFacts.Milliseconds(state, "heldMs")} ms, the limit is {consistency.FenceLimit.TotalMilliseconds} ms");
        }

        if (consistency.Mode == ConsistencyMode.Marker && UnifiedFacts.Milliseconds(state, "windowMs") > consistency.MarkerWindow.TotalMilliseconds)
        {
            problems.Add($"the markers are {UnifiedFacts.Milliseconds(state, "windowMs")} ms apart, the limit is {consistency.MarkerWindow.TotalMilliseconds} ms");
        }

        foreach (var part in state.Plan.Parts)
        {
            if (state.Find(UnifiedBackupMachine.CopyPart, part.Target) is not { Status: Contracts.Sessions.StepStatus.Done } copy)
            {
                problems.Add($"{part.Target} was not copied");
            }
            else if (UnifiedFacts.PointFacts(state, part) is { IsEmpty: true })
            {
                problems.Add($"the point was not taken in {part.Target}");
            }
            else if (Problem(state, part, copy) is { } problem)
            {
                problems.Add($"{part.Target}: {problem}");
            }
        }

        return problems;
    }

    private static string? Problem(SessionState<UnifiedBackupPlan> state, UnifiedPart part, StepRecord copy)
    {
        var point = UnifiedFacts.PointFacts(state, part);
        switch (part.Kind)
        {
            case PartKind.PostgreSql:
                var (stop, at) = (Lsn.Parse(copy.Evidence["stopLsn"]), Lsn.Parse(point["lsn"]));
                var (from, to) = (Number(copy.Evidence["timeline"]), Number(point["timeline"]));
                return stop > at ? $"its copy is consistent at {stop}, after the point at {at}"
                    : from > to ? $"its copy is of timeline {from}, the point of timeline {to}"
                    : null;
            case PartKind.MongoDb:
                return OpTime.TryParse(copy.Evidence[MongoFacts.Position], out var position) && OpTime.TryParse(point["opTime"], out var operation) && position <= operation
                    ? null
                    : $"its copy is consistent at {copy.Evidence[MongoFacts.Position]}, the point is {point["opTime"]}";
            default:
                return state.Plan.Consistency.Mode == ConsistencyMode.Fence && point.GetValueOrDefault(FileTreeFacts.Unsettled) is { } unsettled and not "0"
                    ? $"{unsettled} files changed while writes were held: something writes that the fence does not hold"
                    : null;
        }
    }

    private static uint Number(string text) => uint.Parse(text, CultureInfo.InvariantCulture);
}

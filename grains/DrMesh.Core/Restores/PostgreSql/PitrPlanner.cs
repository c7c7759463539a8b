using System.Globalization;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Restores;
using DrMesh.Core.Backups.PostgreSql;
using DrMesh.Core.Errors;

namespace DrMesh.Core.Restores.PostgreSql;

/// <summary>What the planner knows of a cluster's repository.</summary>
/// <param name="Histories">The history of every timeline known.</param>
/// <param name="Backups">The base backups.</param>
/// <param name="Ranges">The archived WAL.</param>
/// <param name="RestorePoints">Named restore points whose place is known.</param>
/// <param name="Rates">What earlier restores reached.</param>
public sealed record PitrFacts(
    IReadOnlyList<TimelineHistory> Histories,
    IReadOnlyList<BackupPoint> Backups,
    IReadOnlyList<WalRange> Ranges,
    IReadOnlyList<RestorePoint> RestorePoints,
    RestoreRates Rates);

/// <summary>
/// From a target to a plan: the newest base backup that is consistent before it and whose WAL reaches it without a hole. Newest, because replay is what takes long.
/// </summary>
public static class PitrPlanner
{
    /// <summary>Plans, or says why the target is out of reach and what the nearest moments are.</summary>
    public static PitrPlan Plan(RecoveryTarget target, PitrFacts facts)
    {
        if (ChooseHistory(target, facts) is not { } history)
        {
            return Refused(target, $"timeline {target.Timeline} is not in the repository; known are {string.Join(", ", facts.Histories.Select(known => known.Timeline))}", []);
        }

        var windows = RecoveryWindows.Along(history, facts.Backups, facts.Ranges);
        if (windows.Count == 0)
        {
            return Refused(target, facts.Backups.Count == 0 ? "there is no base backup" : "no base backup has all of its own WAL in the archive", windows);
        }

        var place = Place(target, history, facts);
        if (place.Refusal is { } unknown)
        {
            return Refused(target, unknown, windows);
        }

        var chosen = windows.LastOrDefault(window => place.IsWithin(window, BackupOf(window, facts)));
        return chosen is null
            ? Refused(target, OutsideText(target, windows), windows, place.Moment)
            : Accepted(target, facts, history, chosen, place);
    }

    private static TimelineHistory? ChooseHistory(RecoveryTarget target, PitrFacts facts) =>
        target.Timeline is { } asked
            ? facts.Histories.FirstOrDefault(history => history.Timeline == asked)
            : facts.Histories.MaxBy(history => history.Timeline);

    private static BackupPoint BackupOf(RecoveryWindow window, PitrFacts facts) => facts.Backups.First(backup => backup.Id == window.Backup);

    private static TargetPlace Place(RecoveryTarget target, TimelineHistory history, PitrFacts facts)
    {
        switch (target.Kind)
        {
            case RecoveryTargetKind.Time:
                var moment = target.Time!.Value;
                return new TargetPlace(
                    (window, _) => window.From <= moment && moment <= window.To, RecoveryWindows.PositionAt(moment, history, facts.Ranges), moment);
            case RecoveryTargetKind.Position:
                return OfPosition(target.Position!.Value, null);
            case RecoveryTargetKind.Name:
                // Names may repeat; recovery stops at the first it meets, so the newest base before the newest point of that name is what leads there.
                var point = facts.RestorePoints
                    .Where(known => known.Name == target.Name && history.Contains(known.Timeline, known.Position)).MaxBy(known => known.Position);
                return point is null
                    ? TargetPlace.Unknown($"no restore point named {target.Name} is in the archive on timeline {history.Timeline}; "
                        + NearestName.Hint(target.Name!, [.. facts.RestorePoints.Where(known => history.Contains(known.Timeline, known.Position)).Select(known => known.Name).Distinct()]))
                    : OfPosition(point.Position, point.Time);
            case RecoveryTargetKind.Transaction:
                return new TargetPlace((_, backup) => backup.NextTransaction <= target.Transaction!.Value, null, null);
            case RecoveryTargetKind.Immediate:
            case RecoveryTargetKind.Latest:
                return new TargetPlace((_, _) => true, null, null);
            default:
                throw new InvalidOperationException($"recovery target kind {target.Kind} is not planned for");
        }

        TargetPlace OfPosition(Lsn position, DateTimeOffset? moment) => new(
            (window, _) => Lsn.Parse(window.FromPosition) <= position && position <= Lsn.Parse(window.ToPosition),
            position,
            moment ?? MomentOf(position, history, facts));
    }

    private static DateTimeOffset? MomentOf(Lsn position, TimelineHistory history, PitrFacts facts) =>
        facts.Ranges.FirstOrDefault(range => range.Timeline == history.TimelineAt(position) && range.From <= position && position <= range.To) is { } range
            ? RecoveryWindows.TimeAt(range, position)
            : null;

    private static PitrPlan Accepted(RecoveryTarget target, PitrFacts facts, TimelineHistory history, RecoveryWindow window, TargetPlace place)
    {
        var backup = BackupOf(window, facts);
        var head = Lsn.Parse(window.ToPosition);
        var end = target.Kind switch
        {
            RecoveryTargetKind.Immediate => backup.Stop,
            RecoveryTargetKind.Latest => head,
            _ => place.Position is { } position ? Lsn.Min(Lsn.Max(position, backup.Stop), head) : head,
        };
        var reached = target.Kind switch
        {
            RecoveryTargetKind.Immediate => backup.StopTime,
            RecoveryTargetKind.Latest => window.To,
            _ => place.Moment,
        };
        var logBytes = end - backup.Start;
        return new PitrPlan
        {
            Target = target,
            Backup = backup.Id,
            Tier = backup.Tiers.FirstOrDefault() ?? "",
            Timeline = history.Timeline.Value.ToString(CultureInfo.InvariantCulture),
            LogFrom = backup.Start.ToString(),
            LogTo = end.ToString(),
            BaseBytes = backup.Bytes,
            LogBytes = logBytes,
            Estimate = facts.Rates.Estimate(backup.Bytes, logBytes),
            DataLoss = reached is { } moment ? window.To - moment : null,
            DroppedLogBytes = head - end,
            ReachedAt = reached,
            Steps = PitrSteps.Forward(target, backup, end, logBytes, facts.Rates),
            Rollback = PitrSteps.Back(),
        };
    }

    private static PitrPlan Refused(RecoveryTarget target, string reason, IReadOnlyList<RecoveryWindow> windows, DateTimeOffset? moment = null) => new()
    {
        Target = target,
        Refusal = reason,
        NearestBefore = moment is { } time
            ? windows.Where(window => window.To < time).Select(window => (DateTimeOffset?)window.To).Max()
            : windows.Select(window => (DateTimeOffset?)window.To).Max(),
        NearestAfter = moment is { } later ? windows.Where(window => window.From > later).Select(window => (DateTimeOffset?)window.From).Min() : null,
    };

    private static string OutsideText(RecoveryTarget target, IReadOnlyList<RecoveryWindow> windows) =>
        $"{target} lies outside every recovery window; they are "
        + string.Join(", ", windows.Select(window => $"{window.From:u} to {window.To:u} ({window.FromPosition} to {window.ToPosition})"));

    private sealed record TargetPlace(Func<RecoveryWindow, BackupPoint, bool> IsWithin, Lsn? Position, DateTimeOffset? Moment)
    {
        public string? Refusal { get; private init; }

        public static TargetPlace Unknown(string reason) => new((_, _) => false, null, null) { Refusal = reason };
    }
}

using System.Globalization;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Restores;
using DrMesh.Core.Backups.PostgreSql;

namespace DrMesh.Core.Restores.PostgreSql;

/// <summary>Which moments can be restored to: base backups joined with the WAL that follows each without a hole, along one line of history.</summary>
public static class RecoveryWindows
{
    /// <summary>The windows along <paramref name="history"/>, oldest backup first. A backup whose own WAL has a hole gives none.</summary>
    /// <param name="backups">The base backups, any order.</param>
    /// <param name="ranges">Everything archived, any order; ranges may overlap or touch.</param>
    /// <param name="history">The line of history to follow.</param>
    public static IReadOnlyList<RecoveryWindow> Along(TimelineHistory history, IEnumerable<BackupPoint> backups, IReadOnlyCollection<WalRange> ranges) =>
        [.. backups
            .Where(backup => history.Contains(backup.Timeline, backup.Stop))
            .OrderBy(backup => backup.Stop)
            .Select(backup => WindowOf(backup, history, ranges))
            .OfType<RecoveryWindow>()];

    private static RecoveryWindow? WindowOf(BackupPoint backup, TimelineHistory history, IReadOnlyCollection<WalRange> ranges)
    {
        var reach = Follow(backup.Start, history, ranges);
        if (reach is not { } end || end.Position < backup.Stop)
        {
            return null;
        }

        return new RecoveryWindow
        {
            Backup = backup.Id,
            Timeline = history.Timeline.Value.ToString(CultureInfo.InvariantCulture),
            FromPosition = backup.Stop.ToString(),
            ToPosition = end.Position.ToString(),
            From = backup.StopTime,
            To = end.Time > backup.StopTime ? end.Time : backup.StopTime,
            EndsAt = end.Reason,
        };
    }

    /// <summary>How far the archived WAL reaches without a hole from <paramref name="from"/> on; null when it does not even begin there.</summary>
    internal static (Lsn Position, DateTimeOffset Time, string Reason)? Follow(Lsn from, TimelineHistory history, IReadOnlyCollection<WalRange> ranges)
    {
        var position = from;
        (Lsn, DateTimeOffset, string)? reached = null;
        while (true)
        {
            var timeline = history.TimelineAt(position);
            var next = ranges
                .Where(range => range.Timeline == timeline && range.From <= position && range.To > position)
                .MaxBy(range => range.To);
            if (next is null)
            {
                var isMoreBeyond = ranges.Any(range => history.Contains(range.Timeline, range.From) && range.From > position && range.To > position);
                return reached is { } last ? (last.Item1, last.Item2, isMoreBeyond ? "hole" : "head") : null;
            }

            // WAL a timeline wrote after its child had left it belongs to another future.
            var fork = history.Ancestors.FirstOrDefault(ancestor => ancestor.Timeline == timeline)?.SwitchPoint;
            position = fork is { } end ? Lsn.Min(next.To, end) : next.To;
            var time = TimeAt(next, position);
            reached = (position, reached is { } before && before.Item2 > time ? before.Item2 : time, "head");
        }
    }

    /// <summary>The moment that belongs to a position, by even flow within its range: exact at the range's ends, an estimate between.</summary>
    internal static DateTimeOffset TimeAt(WalRange range, Lsn position) =>
        range.To == range.From || position >= range.To
            ? range.ToTime
            : range.FromTime + ((range.ToTime - range.FromTime) * ((double)(position - range.From) / (range.To - range.From)));

    /// <summary>The position that belongs to a moment, by even flow within its range; null when no range holds it.</summary>
    internal static Lsn? PositionAt(DateTimeOffset time, TimelineHistory history, IEnumerable<WalRange> ranges)
    {
        var range = ranges
            .Where(range => range.FromTime <= time && range.ToTime >= time && history.Contains(range.Timeline, range.From))
            .MaxBy(range => range.Timeline);
        if (range is null)
        {
            return null;
        }

        var span = range.ToTime - range.FromTime;
        return span == TimeSpan.Zero ? range.To : range.From + (long)((range.To - range.From) * ((time - range.FromTime) / span));
    }
}

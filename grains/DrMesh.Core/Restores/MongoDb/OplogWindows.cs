using DrMesh.Contracts.Restores;
using DrMesh.Core.Backups.MongoDb;

namespace DrMesh.Core.Restores.MongoDb;

/// <summary>Which moments of a replica set can be restored to: backups joined with the oplog slices that follow each without a hole.</summary>
public static class OplogWindows
{
    /// <summary>
    /// The windows, oldest backup first. A backup has its own oplog, so one that no slice leads on from can still be restored to its own position. A window ends at a <c>hole</c> when the archive has
    /// operations after it that do not follow; else at the <c>head</c>. A second belongs to a window once the archive has an operation of a later one: only then nothing of it is still to come.
    /// </summary>
    /// <param name="backups">The backups, any order.</param>
    /// <param name="slices">Everything archived, any order; slices may overlap.</param>
    public static IReadOnlyList<RecoveryWindow> Of(IEnumerable<OplogPoint> backups, IEnumerable<OplogSliceName> slices)
    {
        var ranges = OplogChain.Ranges(slices);
        return [.. backups.OrderBy(backup => backup.Position).Select(backup => WindowOf(backup, ranges))];
    }

    /// <summary>The windows around a moment that is in none, as a sentence's end; and the last moment before, the first after it that can be reached (null: none).</summary>
    public static (string Text, DateTimeOffset? Before, DateTimeOffset? After) Nearest(IReadOnlyCollection<RecoveryWindow> windows, DateTimeOffset time)
    {
        ArgumentNullException.ThrowIfNull(windows);
        var before = windows.Where(window => window.From <= time).MaxBy(window => window.To);
        var after = windows.Where(window => window.From > time).MinBy(window => window.From);
        var near = new[] { before, after }.OfType<RecoveryWindow>().Select(window => $"{window.From:u} to {window.To:u} ({window.FromPosition} to {window.ToPosition})").ToArray();
        return (near.Length == 0 ? "there is no backup of it" : $"the nearest windows are {string.Join(" and ", near)}", before?.To, after?.From);
    }

    private static RecoveryWindow WindowOf(OplogPoint backup, IReadOnlyList<OplogRange> ranges)
    {
        var position = backup.Position;
        var end = ranges.FirstOrDefault(range => range.From <= position && range.To >= position)?.To ?? position;
        return new RecoveryWindow
        {
            Backup = backup.Id,
            Timeline = "",
            FromPosition = position.ToString(),
            ToPosition = end.ToString(),
            From = position.Time,
            To = end.Seconds > position.Seconds ? end.Time.AddSeconds(-1) : position.Time,
            EndsAt = ranges.Any(range => range.To > end) ? "hole" : "head",
        };
    }
}

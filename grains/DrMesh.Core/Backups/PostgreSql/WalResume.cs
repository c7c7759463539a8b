using DrMesh.Contracts.Databases;

namespace DrMesh.Core.Backups.PostgreSql;

/// <summary>Where streaming begins, on which timeline, and what is already known to be another future.</summary>
/// <param name="Timeline">The timeline to ask for.</param>
/// <param name="Start">The position to ask for; always a segment's beginning.</param>
/// <param name="Until">Where the timeline ends, so that streaming goes on with the next; null: it is the server's current one.</param>
/// <param name="Fork">In one sentence, that the archive holds WAL the server's history does not; null: it does not.</param>
public sealed record WalResume(TimelineId Timeline, Lsn Start, Lsn? Until, string? Fork)
{
    /// <summary>Decides where to go on.</summary>
    /// <param name="archived">The last archived position with its timeline; null: nothing is archived.</param>
    /// <param name="history">The history of the server's current timeline.</param>
    /// <param name="oldest">The oldest position the server promises to have; used when nothing is archived.</param>
    /// <param name="size">Size of segments.</param>
    public static WalResume Decide((TimelineId Timeline, Lsn Position)? archived, TimelineHistory history, Lsn oldest, WalSegmentSize size)
    {
        if (archived is not var (timeline, position))
        {
            return new WalResume(history.Timeline, size.StartOf(oldest), null, null);
        }

        if (timeline == history.Timeline)
        {
            return new WalResume(timeline, size.StartOf(position), null, null);
        }

        for (var index = 0; index < history.Ancestors.Count; index++)
        {
            var ancestor = history.Ancestors[index];
            if (ancestor.Timeline != timeline)
            {
                continue;
            }

            if (position < ancestor.SwitchPoint)
            {
                return new WalResume(timeline, size.StartOf(position), ancestor.SwitchPoint, null);
            }

            // The new timeline's first segment begins with a copy of the old one's part, so it is taken from its beginning.
            var next = index + 1 < history.Ancestors.Count ? history.Ancestors[index + 1] : null;
            return new WalResume(
                next?.Timeline ?? history.Timeline,
                size.StartOf(ancestor.SwitchPoint),
                next?.SwitchPoint,
                position > ancestor.SwitchPoint
                    ? $"timeline {timeline} is archived to {position}, the server left it at {ancestor.SwitchPoint}: what lies between was never part of its history"
                    : null);
        }

        return new WalResume(
            history.Timeline,
            size.StartOf(oldest),
            null,
            $"the archive ends on timeline {timeline}, which is not in the history of the server's timeline {history.Timeline}");
    }
}

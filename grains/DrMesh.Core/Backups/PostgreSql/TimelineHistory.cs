using System.Globalization;
using System.Text;
using DrMesh.Contracts.Databases;

namespace DrMesh.Core.Backups.PostgreSql;

/// <summary>
/// Where a timeline and its ancestors begin and end: the content of a <c>.history</c> file. Each line names a parent timeline, the
/// position at which its child branched off, and a reason. Source: the server's <c>timeline.c</c>.
/// </summary>
public sealed class TimelineHistory
{
    private readonly Branch[] _ancestors;

    private TimelineHistory(TimelineId timeline, Branch[] ancestors)
    {
        Timeline = timeline;
        _ancestors = ancestors;
    }

    /// <summary>The timeline this is the history of.</summary>
    public TimelineId Timeline { get; }

    /// <summary>The ancestors, oldest first, each with the position at which the next one left it.</summary>
    public IReadOnlyList<Branch> Ancestors => _ancestors;

    /// <summary>The position at which the timeline began; <see cref="Lsn.None"/> for timeline 1, which has no parent.</summary>
    public Lsn Begin => _ancestors.Length == 0 ? Lsn.None : _ancestors[^1].SwitchPoint;

    /// <summary>The history of a timeline without ancestors.</summary>
    public static TimelineHistory Root(TimelineId timeline) => new(timeline, []);

    /// <summary>Reads a history file.</summary>
    /// <param name="timeline">The timeline its name says.</param>
    /// <param name="content">The file's text; comments begin with <c>#</c>.</param>
    /// <exception cref="FormatException">A line is none, or the ancestors do not ascend.</exception>
    public static TimelineHistory Parse(TimelineId timeline, string content)
    {
        var ancestors = new List<Branch>();
        foreach (var line in content.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith('#'))
            {
                continue;
            }

            var fields = line.Split((char[])[' ', '\t'], 3, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (fields.Length < 2 || !uint.TryParse(fields[0], CultureInfo.InvariantCulture, out var parent) || !Lsn.TryParse(fields[1], out var at))
            {
                throw new FormatException($"the history of timeline {timeline} has a line that is none: '{line}'");
            }

            if (parent >= timeline.Value || (ancestors.Count > 0 && parent <= ancestors[^1].Timeline.Value))
            {
                throw new FormatException($"the history of timeline {timeline} names timeline {parent} out of order");
            }

            ancestors.Add(new Branch(new TimelineId(parent), at, fields.Length == 3 ? fields[2] : ""));
        }

        return new TimelineHistory(timeline, [.. ancestors]);
    }

    /// <summary>Which timeline of this history wrote the byte at <paramref name="lsn"/>.</summary>
    public TimelineId TimelineAt(Lsn lsn)
    {
        foreach (var ancestor in _ancestors)
        {
            if (lsn < ancestor.SwitchPoint)
            {
                return ancestor.Timeline;
            }
        }

        return Timeline;
    }

    /// <summary>
    /// Whether a state of <paramref name="timeline"/> at <paramref name="lsn"/> lies on this line of history, so that it can be rolled forward along it.
    /// </summary>
    public bool Contains(TimelineId timeline, Lsn lsn)
    {
        if (timeline == Timeline)
        {
            return true;
        }

        foreach (var ancestor in _ancestors)
        {
            if (ancestor.Timeline == timeline)
            {
                return lsn <= ancestor.SwitchPoint;
            }
        }

        return false;
    }

    /// <summary>The file's text, as the server writes it.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var ancestor in _ancestors)
        {
            text.Append(ancestor.Timeline).Append('\t').Append(ancestor.SwitchPoint).Append('\t').Append(ancestor.Reason).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>One ancestor.</summary>
    /// <param name="Timeline">The timeline.</param>
    /// <param name="SwitchPoint">The first position that is not its own any more.</param>
    /// <param name="Reason">What the server noted.</param>
    public sealed record Branch(TimelineId Timeline, Lsn SwitchPoint, string Reason);
}

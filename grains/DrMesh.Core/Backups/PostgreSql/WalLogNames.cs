using System.Globalization;
using DrMesh.Contracts.Databases;
using DrMesh.Core.Backups.Logs;

namespace DrMesh.Core.Backups.PostgreSql;

/// <summary>How WAL is named in a log archive: each timeline is a group, named by its eight digits, of segments; history files are a group of their own.</summary>
public static class WalLogNames
{
    /// <summary>The group of history files.</summary>
    public const string HistoryGroup = "history";

    /// <summary>The group with the mark that says whose archive it is.</summary>
    public const string SystemGroup = "system";

    /// <summary>The mark: an object whose content is the system identifier, decimal.</summary>
    public const string SystemMark = "identifier";

    /// <summary>The group of the notes of WAL that was lost for good, one object a gap.</summary>
    public const string GapGroup = "gaps";

    /// <summary>The group of a timeline's segments.</summary>
    public static string GroupOf(TimelineId timeline) => timeline.Value.ToString("X8", CultureInfo.InvariantCulture);

    /// <summary>The name of a file PostgreSQL archives; null for one that needs no place: a <c>.partial</c> is the beginning of a segment under the segment's own name.</summary>
    public static LogName? Of(WalFileName file) => file switch
    {
        WalFileName.Segment segment => new LogName(GroupOf(segment.Timeline), segment.ToString()),
        WalFileName.Partial partial => Of(partial.Of),
        WalFileName.History history => new LogName(HistoryGroup, history.ToString()),
        _ => null,
    };
}

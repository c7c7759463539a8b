namespace DrMesh.Core.Backups.Logs;

/// <summary>
/// A log object's name: a group that sorts and lists as one (for WAL the timeline, <c>00000001</c>; <c>history</c> for history files) and a name in it that sorts by
/// position (the segment's file name). Both 1 to 64 characters of <c>a–z A–Z 0–9 _ -</c>, the name also of <c>.</c> inside.
/// </summary>
public readonly record struct LogName(string Group, string Name) : IComparable<LogName>
{
    /// <summary>Ordinal, by group, then name.</summary>
    public int CompareTo(LogName other)
    {
        var order = string.CompareOrdinal(Group, other.Group);
        return order != 0 ? order : string.CompareOrdinal(Name, other.Name);
    }

    public static bool operator <(LogName left, LogName right) => left.CompareTo(right) < 0;

    public static bool operator >(LogName left, LogName right) => left.CompareTo(right) > 0;

    public static bool operator <=(LogName left, LogName right) => left.CompareTo(right) <= 0;

    public static bool operator >=(LogName left, LogName right) => left.CompareTo(right) >= 0;

    /// <inheritdoc/>
    public override string ToString() => $"{Group}/{Name}";
}

using System.Globalization;

namespace DrMesh.Core.Backups.MongoDb;

/// <summary>
/// A position in a replica set's oplog: the timestamp (seconds since 1970 UTC, then a counter within the second) and the election term it was written in. Ordered by the
/// timestamp: among operations a majority has, that is the order of the oplog.
/// </summary>
/// <param name="Seconds">Seconds since 1970 UTC.</param>
/// <param name="Increment">Counter within the second, from 1.</param>
/// <param name="Term">The term; tells operations of the same timestamp before and after a rollback apart.</param>
public readonly record struct OpTime(uint Seconds, uint Increment, long Term) : IComparable<OpTime>
{
    /// <summary>The wall time of its second.</summary>
    public DateTimeOffset Time => DateTimeOffset.FromUnixTimeSeconds(Seconds);

    /// <inheritdoc/>
    public int CompareTo(OpTime other)
    {
        var order = Seconds.CompareTo(other.Seconds);
        return order != 0 ? order : Increment.CompareTo(other.Increment);
    }

    public static bool operator <(OpTime left, OpTime right) => left.CompareTo(right) < 0;

    public static bool operator >(OpTime left, OpTime right) => left.CompareTo(right) > 0;

    public static bool operator <=(OpTime left, OpTime right) => left.CompareTo(right) <= 0;

    public static bool operator >=(OpTime left, OpTime right) => left.CompareTo(right) >= 0;

    /// <summary>Reads what <see cref="ToString"/> wrote; the term may be left out and is then -1.</summary>
    public static bool TryParse(string? text, out OpTime opTime)
    {
        opTime = default;
        var parts = (text ?? "").Split(':', '@');
        if (parts.Length is not (2 or 3)
            || !uint.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || !uint.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var increment))
        {
            return false;
        }

        long term = -1;
        if (parts.Length == 3 && !long.TryParse(parts[2], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out term))
        {
            return false;
        }

        opTime = new OpTime(seconds, increment, term);
        return true;
    }

    /// <summary><c>seconds:increment@term</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Seconds}:{Increment}@{Term}");
}

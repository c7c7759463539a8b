using System.Globalization;

namespace DrMesh.Contracts.Databases;

/// <summary>
/// A PostgreSQL log sequence number: a byte position in the write-ahead log. Its text form is two hexadecimal halves, <c>16/B374D848</c>
/// (the manual's "pg_lsn Type"). Positions compare within one timeline's history only.
/// </summary>
[GenerateSerializer, Immutable, Alias("drmesh.lsn")]
public readonly record struct Lsn([property: Id(0)] ulong Value) : IComparable<Lsn>
{
    /// <summary>"No position": PostgreSQL's InvalidXLogRecPtr.</summary>
    public static Lsn None => default;

    /// <summary>Bytes from <paramref name="right"/> up to <paramref name="left"/>; negative when left lies before right.</summary>
    public static long operator -(Lsn left, Lsn right) => (long)(left.Value - right.Value);

    /// <summary>The position <paramref name="bytes"/> later.</summary>
    public static Lsn operator +(Lsn lsn, long bytes) => new(lsn.Value + (ulong)bytes);

    public static bool operator <(Lsn left, Lsn right) => left.Value < right.Value;

    public static bool operator >(Lsn left, Lsn right) => left.Value > right.Value;

    public static bool operator <=(Lsn left, Lsn right) => left.Value <= right.Value;

    public static bool operator >=(Lsn left, Lsn right) => left.Value >= right.Value;

    /// <summary>The later of two positions.</summary>
    public static Lsn Max(Lsn left, Lsn right) => left > right ? left : right;

    /// <summary>The earlier of two positions.</summary>
    public static Lsn Min(Lsn left, Lsn right) => left < right ? left : right;

    /// <summary>Reads the text form.</summary>
    /// <exception cref="FormatException">The text is not two hexadecimal numbers of up to eight digits with a slash between.</exception>
    public static Lsn Parse(string text) =>
        TryParse(text, out var lsn) ? lsn : throw new FormatException($"'{text}' is not an LSN; one looks like 16/B374D848");

    /// <summary>Reads the text form; false when it is not one.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Lsn lsn)
    {
        lsn = default;
        var slash = text.IndexOf('/');
        if (slash is < 1 or > 8 || text.Length - slash - 1 is < 1 or > 8
            || !uint.TryParse(text[..slash], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var high)
            || !uint.TryParse(text[(slash + 1)..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var low))
        {
            return false;
        }

        lsn = new Lsn(((ulong)high << 32) | low);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(Lsn other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => $"{Value >> 32:X}/{(uint)Value:X}";
}

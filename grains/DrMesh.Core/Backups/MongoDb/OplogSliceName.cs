using System.Globalization;
using DrMesh.Core.Backups.Logs;

namespace DrMesh.Core.Backups.MongoDb;

/// <summary>
/// A slice of an oplog archive: the operations after <see cref="From"/> up to and with <see cref="To"/>. The name says both, so that a listing shows whether slices follow
/// each other without a hole. Content: the operations' raw BSON one after the other, as the oplog holds them.
/// </summary>
/// <param name="From">The last operation before the slice: the last of the slice before it.</param>
/// <param name="To">The last operation of the slice.</param>
public readonly record struct OplogSliceName(OpTime From, OpTime To)
{
    /// <summary>The archive's group of all slices.</summary>
    public const string Group = "oplog";

    /// <summary>The archive's name of it: <c>SSSSSSSSIIIIIIII.TTTTTTTT-SSSSSSSSIIIIIIII.TTTTTTTT</c>, hexadecimal.</summary>
    public LogName ToLogName() => new(Group, $"{Format(From)}-{Format(To)}");

    /// <summary>The smallest name a slice that begins at or after <paramref name="position"/> can have.</summary>
    public static LogName FirstFrom(OpTime position) => new(Group, string.Create(CultureInfo.InvariantCulture, $"{position.Seconds:x8}{position.Increment:x8}"));

    /// <summary>Reads an archive's name.</summary>
    public static bool TryParse(LogName name, out OplogSliceName slice)
    {
        slice = default;
        var parts = name.Name.Split('-');
        if (name.Group != Group || parts.Length != 2 || !TryParse(parts[0], out var from) || !TryParse(parts[1], out var to))
        {
            return false;
        }

        slice = new OplogSliceName(from, to);
        return true;
    }

    private static string Format(OpTime time) => string.Create(CultureInfo.InvariantCulture, $"{time.Seconds:x8}{time.Increment:x8}.{time.Term:x8}");

    private static bool TryParse(string text, out OpTime time)
    {
        time = default;
        if (text.Length < 18 || text[16] != '.'
            || !uint.TryParse(text.AsSpan(0, 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var seconds)
            || !uint.TryParse(text.AsSpan(8, 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var increment)
            || !long.TryParse(text.AsSpan(17), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var term))
        {
            return false;
        }

        time = new OpTime(seconds, increment, term);
        return true;
    }
}

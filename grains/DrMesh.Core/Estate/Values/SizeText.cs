using System.Globalization;
using System.Text.RegularExpressions;
using DrMesh.Contracts.Estate;

namespace DrMesh.Core.Estate.Values;

/// <summary>Sizes as people write them: <c>512B</c>, <c>64kB</c>, <c>16MB</c>, <c>10GB</c>, <c>2TB</c>; 1 kB is 1,024 bytes, as in PostgreSQL's settings.</summary>
public static partial class SizeText
{
    private static readonly (string Unit, int Shift)[] Units = [("TB", 40), ("GB", 30), ("MB", 20), ("kB", 10), ("B", 0)];

    /// <summary>Reads a size; when it is none, <paramref name="problem"/> says why.</summary>
    public static bool TryParse(string text, out ByteSize size, out string? problem)
    {
        size = default;
        problem = null;
        if (text.Length > 0 && text.All(char.IsAsciiDigit) && text != "0")
        {
            problem = $"\"{text}\" has no unit";
            return false;
        }

        if (text.StartsWith('-') && SizeForm().IsMatch(text[1..]))
        {
            problem = $"\"{text}\" is negative";
            return false;
        }

        if (text == "0")
        {
            return true;
        }

        if (SizeForm().Match(text) is not { Success: true } match)
        {
            return false;
        }

        var shift = Units.First(unit => unit.Unit.Equals(match.Groups["unit"].Value, StringComparison.OrdinalIgnoreCase)).Shift;
        var bytes = decimal.Parse(match.Groups["amount"].Value, CultureInfo.InvariantCulture) * (1L << shift);
        if (bytes > 1L << 60)
        {
            problem = $"\"{text}\" is more than {1L << 20}TB";
            return false;
        }

        size = new ByteSize((long)bytes);
        return true;
    }

    /// <summary>The size in the largest unit that gives a whole number.</summary>
    public static string Format(ByteSize size)
    {
        var (unit, shift) = Units.First(unit => size.Bytes % (1L << unit.Shift) == 0 && (size.Bytes != 0 || unit.Shift == 0));
        return string.Create(CultureInfo.InvariantCulture, $"{size.Bytes >> shift}{unit}");
    }

    [GeneratedRegex(@"^(?<amount>\d{1,15}) ?(?<unit>[kMGT]?B)\z", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex SizeForm();
}

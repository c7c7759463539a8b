using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace DrMesh.Core.Estate.Values;

/// <summary>
/// Durations as people write them: <c>250ms</c>, <c>15m</c>, <c>2h</c>, <c>1h30m</c>, <c>7d</c>, <c>12w</c>, <c>7y</c>.
/// A week is 7 days, a year 365 days; months are left out, since none is as long as another.
/// </summary>
public static partial class DurationText
{
    private static readonly (string Unit, long Milliseconds)[] Units =
    [
        ("y", 365L * 24 * 3600 * 1000), ("w", 7L * 24 * 3600 * 1000), ("d", 24L * 3600 * 1000), ("h", 3600 * 1000), ("m", 60 * 1000), ("s", 1000), ("ms", 1),
    ];

    /// <summary>The longest duration: a hundred years.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(365 * 100);

    /// <summary>Reads a duration; when it is none, <paramref name="problem"/> says why.</summary>
    public static bool TryParse(string text, out TimeSpan duration, out string? problem)
    {
        duration = TimeSpan.Zero;
        problem = null;
        if (text.StartsWith('-') && DurationForm().IsMatch(text[1..]))
        {
            problem = $"\"{text}\" is negative";
            return false;
        }

        if (text.Length > 0 && text.All(char.IsAsciiDigit))
        {
            problem = $"\"{text}\" has no unit";
            return false;
        }

        if (DurationForm().Match(text) is not { Success: true } match)
        {
            return false;
        }

        var milliseconds = 0m;
        foreach (var (unit, length) in Units)
        {
            if (match.Groups[unit] is { Success: true } amount)
            {
                milliseconds += decimal.Parse(amount.Value, CultureInfo.InvariantCulture) * length;
            }
        }

        if (milliseconds > (decimal)Longest.TotalMilliseconds)
        {
            problem = $"\"{text}\" is longer than 100 years";
            return false;
        }

        duration = TimeSpan.FromMilliseconds((double)milliseconds);
        return true;
    }

    /// <summary>The shortest text that reads back as <paramref name="duration"/>, to the millisecond.</summary>
    public static string Format(TimeSpan duration)
    {
        var milliseconds = (long)duration.TotalMilliseconds;
        if (milliseconds == 0)
        {
            return "0s";
        }

        var text = new StringBuilder();
        foreach (var (unit, length) in Units)
        {
            // 365d and 90d say more than 1y and 12w6d; whole years are for archives.
            if (unit == "w" || (unit == "y" && (milliseconds % length != 0 || milliseconds == length)))
            {
                continue;
            }

            if (milliseconds / length is var amount and > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"{amount}{unit}");
                milliseconds %= length;
            }
        }

        return text.ToString();
    }

    [GeneratedRegex(@"^(?=\d)((?<y>\d{1,9})y)?((?<w>\d{1,9})w)?((?<d>\d{1,9})d)?((?<h>\d{1,9})h)?((?<m>\d{1,9})m(?!s))?((?<s>\d{1,9})s)?((?<ms>\d{1,9})ms)?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex DurationForm();
}

using System.Globalization;

namespace DrMesh.Console.Output;

/// <summary>How durations and times are written for a person: short, in the unit that matters, times always in UTC.</summary>
internal static class Ago
{
    /// <summary><c>0.4 s</c>, <c>12 s</c>, <c>4 min 05 s</c>, <c>3 h 12 min</c>, <c>9 d 4 h</c>.</summary>
    public static string Duration(TimeSpan duration)
    {
        var (sign, span) = duration < TimeSpan.Zero ? ("-", duration.Negate()) : ("", duration);
        var text = span switch
        {
            { TotalSeconds: < 10 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.0} s"),
            { TotalMinutes: < 1 } => $"{span.Seconds} s",
            { TotalHours: < 1 } => $"{span.Minutes} min {span.Seconds:00} s",
            { TotalDays: < 1 } => $"{span.Hours} h {span.Minutes:00} min",
            _ => $"{(int)span.TotalDays} d {span.Hours} h",
        };
        return sign + text;
    }

    /// <summary>The moment as <c>2026-11-24 06:50:38Z</c>.</summary>
    public static string Moment(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>The time of day, and the date when it is not that of <paramref name="now"/>, and how long ago that is.</summary>
    public static string Since(DateTimeOffset at, DateTimeOffset now)
    {
        var format = at.UtcDateTime.Date == now.UtcDateTime.Date ? "HH:mm:ss'Z'" : "yyyy-MM-dd HH:mm:ss'Z'";
        return $"{at.ToUniversalTime().ToString(format, CultureInfo.InvariantCulture)} ({Duration(now - at)})";
    }
}

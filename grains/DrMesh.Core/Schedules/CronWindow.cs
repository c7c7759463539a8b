using Cronos;

namespace DrMesh.Core.Schedules;

/// <summary>A time that begins by a cron expression and lasts for a while.</summary>
public static class CronWindow
{
    /// <summary>Whether it holds.</summary>
    /// <param name="cron">When it begins, five fields.</param>
    /// <param name="timeZone">The time zone of <paramref name="cron"/>, by its IANA name.</param>
    /// <param name="duration">How long it lasts.</param>
    /// <param name="now">Now.</param>
    public static bool Holds(string cron, string timeZone, TimeSpan duration, DateTimeOffset now) =>
        CronExpression.Parse(cron).GetNextOccurrence(now - duration, TimeZoneInfo.FindSystemTimeZoneById(timeZone)) is { } begins && begins <= now;
}

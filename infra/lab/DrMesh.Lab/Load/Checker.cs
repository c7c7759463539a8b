using Npgsql;

namespace DrMesh.Lab.Load;

/// <summary>Judges a run from the writers' logs and the rows that survived.</summary>
internal static class Checker
{
    /// <summary>Reads the rows of <paramref name="connectionString"/>'s server and judges.</summary>
    public static async Task<CheckResult> CheckAsync(IReadOnlyList<RowWrite> log, string connectionString, TimeProvider time, CancellationToken cancellationToken) =>
        Judge(log, await ReadRowsAsync(connectionString, cancellationToken), time);

    /// <summary>The rows a server has.</summary>
    public static async Task<IReadOnlySet<(int Writer, long Number)>> ReadRowsAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        await using var select = new NpgsqlCommand($"select writer, number from {Writer.Table}", connection);
        await using var rows = await select.ExecuteReaderAsync(cancellationToken);
        HashSet<(int, long)> found = [];
        while (await rows.ReadAsync(cancellationToken))
        {
            found.Add((rows.GetInt32(0), rows.GetInt64(1)));
        }

        return found;
    }

    /// <summary>Judges; pure.</summary>
    public static CheckResult Judge(IReadOnlyList<RowWrite> log, IReadOnlySet<(int Writer, long Number)> surviving, TimeProvider time)
    {
        var acknowledged = log.Where(row => row.AcknowledgedAt is not null).OrderBy(row => row.AcknowledgedAt).ToArray();
        return new CheckResult
        {
            Tried = log.Count,
            Acknowledged = acknowledged.Length,
            Lost = [.. acknowledged.Where(row => !surviving.Contains((row.Writer, row.Number)))],
            DoubleAcknowledged = DoubleAcknowledged(acknowledged),
            LongestGap = LongestGap(acknowledged, long.MinValue, long.MaxValue, time),
        };
    }

    /// <summary>The longest time without an acknowledgement that overlaps the moments from <paramref name="from"/> to <paramref name="to"/> of the monotonic clock.</summary>
    public static TimeSpan LongestGap(IEnumerable<RowWrite> log, long from, long to, TimeProvider time)
    {
        var moments = log.Where(row => row.AcknowledgedAt is not null).Select(row => row.AcknowledgedAt!.Value).Order().ToArray();
        var longest = TimeSpan.Zero;
        foreach (var (before, after) in moments.Zip(moments.Skip(1)).Where(pair => pair.Second >= from && pair.First <= to))
        {
            var gap = time.GetElapsedTime(before, after);
            longest = gap > longest ? gap : longest;
        }

        return longest;
    }

    // A promotion raises the timeline. So a server that acknowledges a row sent after another one acknowledged on a later timeline is a second primary; and two servers
    // that acknowledge on one timeline were both promoted to it.
    private static List<RowWrite> DoubleAcknowledged(RowWrite[] acknowledged)
    {
        var timelines = acknowledged.GroupBy(row => row.Timeline).OrderBy(group => group.Key).ToArray();
        List<RowWrite> doubled = [];
        for (var index = 0; index < timelines.Length; index++)
        {
            var firstServer = timelines[index].First().Server;
            var laterBegins = timelines.Skip(index + 1).Select(later => later.Min(row => row.AcknowledgedAt)).Min() ?? long.MaxValue;
            doubled.AddRange(timelines[index].Where(row => row.Server != firstServer || row.IntendedAt > laterBegins));
        }

        return doubled;
    }
}

using System.Globalization;

namespace DrMesh.Lab.Load;

/// <summary>
/// The rows a writer process tried, as a text file: one a line, appended when its outcome is known. The moments are of the machine's monotonic clock, which is one for all its
/// processes. A process that is killed leaves at most its last line unfinished.
/// </summary>
internal static class RowLog
{
    private const int Fields = 7;

    /// <summary>A row as a line.</summary>
    public static string Write(RowWrite row) => string.Create(
        CultureInfo.InvariantCulture,
        $"{row.Writer}\t{row.Number}\t{row.IntendedAt}\t{row.AcknowledgedAt ?? -1}\t{row.Server}\t{row.Timeline}\t{row.Failure?.ReplaceLineEndings(" ").Replace('\t', ' ')}");

    /// <summary>The rows of a file.</summary>
    public static IReadOnlyList<RowWrite> Read(string file)
    {
        var text = File.ReadAllText(file);
        return [.. text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')).Where(fields => fields.Length == Fields).Select(Parse)];
    }

    private static RowWrite Parse(string[] fields)
    {
        var acknowledged = long.Parse(fields[3], CultureInfo.InvariantCulture);
        return new RowWrite
        {
            Writer = int.Parse(fields[0], CultureInfo.InvariantCulture),
            Number = long.Parse(fields[1], CultureInfo.InvariantCulture),
            IntendedAt = long.Parse(fields[2], CultureInfo.InvariantCulture),
            AcknowledgedAt = acknowledged < 0 ? null : acknowledged,
            Server = fields[4].Length == 0 ? null : fields[4],
            Timeline = long.Parse(fields[5], CultureInfo.InvariantCulture),
            Failure = fields[6].Length == 0 ? null : fields[6],
        };
    }
}

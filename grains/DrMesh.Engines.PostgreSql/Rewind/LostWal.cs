using System.Globalization;
using System.Text.RegularExpressions;
using DrMesh.Contracts.Databases;
using DrMesh.Engines.Processes;

namespace DrMesh.Engines.PostgreSql.Rewind;

/// <summary>What a former primary wrote after it and the new one parted, counted by <c>pg_waldump</c> in the WAL that is kept of it. Not all of it was acknowledged to somebody.</summary>
/// <param name="Bytes">Bytes of WAL.</param>
/// <param name="Commits">Commit records.</param>
internal sealed partial record LostWal(long Bytes, long Commits)
{
    /// <summary>Counts; null: it cannot be told.</summary>
    /// <param name="dump">Runs <c>pg_waldump</c> with arguments.</param>
    /// <param name="wal">The directory with the WAL.</param>
    /// <param name="timeline">The last timeline the two had in common.</param>
    /// <param name="parted">Where on it they parted.</param>
    public static async Task<LostWal?> CountAsync(Func<IReadOnlyList<string>, Task<ToolResult>> dump, string wal, TimelineId timeline, Lsn parted)
    {
        // What it wrote under a later timeline of its own is in files this does not read.
        if (Directory.EnumerateFiles(wal).Select(Path.GetFileName).Any(name => Segment().Match(name!) is { Success: true } segment && Convert.ToUInt32(segment.Groups[1].Value, 16) > timeline.Value))
        {
            return null;
        }

        // It reads to the end of the WAL, and calls that an error.
        var result = await dump(["--path", wal, "--timeline", timeline.Value.ToString(CultureInfo.InvariantCulture), "--start", parted.ToString(), "--stats=record"]);
        return NothingMore().IsMatch(result.Error) ? new LostWal(0, 0)
            : Range().Match(result.Output) is { Success: true } range
            ? new LostWal(Lsn.Parse(range.Groups[1].Value) - parted, Committed().Matches(result.Output).Sum(line => long.Parse(line.Groups[1].Value, CultureInfo.InvariantCulture)))
            : null;
    }

    [GeneratedRegex("^([0-9A-F]{8})[0-9A-F]{16}(\\.partial)?$")]
    private static partial Regex Segment();

    [GeneratedRegex("could not find a valid record after")]
    private static partial Regex NothingMore();

    [GeneratedRegex("WAL statistics between [0-9A-F]+/[0-9A-F]+ and ([0-9A-F]+/[0-9A-F]+):")]
    private static partial Regex Range();

    [GeneratedRegex("^Transaction/COMMIT(?:_PREPARED)? +([0-9]+) ", RegexOptions.Multiline)]
    private static partial Regex Committed();
}

using System.Globalization;
using System.Text;
using DrMesh.Contracts.Databases;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.Logs;
using DrMesh.Core.Backups.PostgreSql;

namespace DrMesh.Engines.PostgreSql.Wal;

/// <summary>
/// Gaps are noted in the archive itself, so that they are known after any restart and on a bare machine: an object each, whose content is <c>TIMELINE FROM TO REASON</c>.
/// </summary>
internal static class WalGapLog
{
    /// <summary>The object that notes a gap.</summary>
    public static (LogName Name, byte[] Content) Note(WalGap gap) => (
        new LogName(WalLogNames.GapGroup, string.Create(CultureInfo.InvariantCulture, $"{gap.Timeline.Value:X8}-{gap.From.Value:X16}")),
        Encoding.UTF8.GetBytes($"{gap.Timeline} {gap.From} {gap.To} {gap.Reason}"));

    /// <summary>The gaps any tier has noted, oldest first.</summary>
    public static async Task<IReadOnlyList<WalGap>> ReadAsync(IEnumerable<ILogArchive> archives, CancellationToken cancellationToken)
    {
        var gaps = new SortedDictionary<LogName, WalGap>();
        foreach (var archive in archives)
        {
            await foreach (var entry in archive.ListAsync(new(WalLogNames.GapGroup, "0"), new(WalLogNames.GapGroup, "z"), cancellationToken))
            {
                if (!gaps.ContainsKey(entry.Name) && await archive.ReadAsync(entry.Name, cancellationToken) is { } note)
                {
                    gaps[entry.Name] = Parse(Encoding.UTF8.GetString(note.Content.Span));
                }
            }
        }

        return [.. gaps.Values];
    }

    /// <summary>Those after which no base backup of the cluster began yet: what follows them cannot be recovered.</summary>
    public static async Task<IReadOnlyList<WalGap>> OpenAsync(
        IReadOnlyList<WalGap> gaps, string cluster, IBackupRepository repository, CancellationToken cancellationToken)
    {
        if (gaps.Count == 0)
        {
            return [];
        }

        var newest = Lsn.None;
        await foreach (var summary in repository.ListAsync(cluster, cancellationToken))
        {
            if (summary.Engine == PostgreSqlEngine.Name && PostgresBackupFacts.Parse(summary.Facts).StartLsn is var start && start > newest)
            {
                newest = start;
            }
        }

        return [.. gaps.Where(gap => gap.To > newest)];
    }

    private static WalGap Parse(string note)
    {
        var parts = note.Split(' ', 4);
        return new WalGap(new TimelineId(uint.Parse(parts[0], CultureInfo.InvariantCulture)), Lsn.Parse(parts[1]), Lsn.Parse(parts[2]), parts[3]);
    }
}

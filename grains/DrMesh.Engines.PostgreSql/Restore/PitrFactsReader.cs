using System.Collections.Concurrent;
using System.Text;
using DrMesh.Contracts.Databases;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.Logs;
using DrMesh.Core.Backups.PostgreSql;
using DrMesh.Core.Restores.PostgreSql;

namespace DrMesh.Engines.PostgreSql.Restore;

/// <summary>Reads from a repository what planning a point-in-time recovery needs: backups, histories, and which WAL is there with the times it covers.</summary>
public sealed class PitrFactsReader(IBackupRepository repository)
{
    /// <summary>How many segments are opened to find a transaction's end near the end of a range; an idle server's segments may hold none.</summary>
    private const int SegmentsScanned = 4;

    /// <summary>Reads the facts of one cluster.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="rates">What earlier restores reached.</param>
    /// <param name="findRestorePoints">Whether every archived segment is read for named restore points.</param>
    /// <param name="cancellationToken">Ends reading.</param>
    public async Task<PitrFacts> ReadAsync(
        string cluster, RestoreRates rates, bool findRestorePoints = false, CancellationToken cancellationToken = default)
    {
        var backups = new List<BackupPoint>();
        var own = new List<WalRange>();
        var size = WalSegmentSize.Default;
        await foreach (var summary in repository.ListAsync(cluster, cancellationToken))
        {
            if (summary.Engine == PostgreSqlEngine.Name)
            {
                var facts = PostgresBackupFacts.Parse(summary.Facts);
                size = facts.WalSegmentSize;
                backups.Add(Point(summary, facts));
                if (facts.HasWal)
                {
                    // A backup that carries its own WAL restores to its end without any archive.
                    own.Add(new WalRange(facts.Timeline, facts.StartLsn, facts.StopLsn, facts.StopTime, facts.StopTime));
                }
            }
        }

        var archives = (await AnsweringArchives.OpenAsync(cluster, repository, cancellationToken)).Archives;
        var files = await TimelineLine.ReadAllAsync(archives, cancellationToken);
        var segments = await ListAsync(archives, size, cancellationToken);
        var histories = files.Select(file => TimelineHistory.Parse(file.Key, Encoding.UTF8.GetString(file.Value))).ToList();
        histories.AddRange(backups.Select(backup => backup.Timeline).Concat(segments.Keys.Select(segment => segment.Timeline)).Distinct()
            .Where(timeline => !files.ContainsKey(timeline)).Select(TimelineHistory.Root));
        var ranges = new List<WalRange>();
        foreach (var run in Runs([.. segments.Values.OrderBy(part => part.Segment.Timeline).ThenBy(part => part.Segment.Number)]))
        {
            ranges.Add(await MeasureAsync(run, archives, cancellationToken));
        }

        var points = findRestorePoints ? await FindPointsAsync(segments.Values, archives, cancellationToken) : [];
        return new PitrFacts(histories, backups, [.. ranges, .. own], points, rates);
    }

    /// <summary>Reads every archived segment of a cluster for the end of a transaction; the last there is of that id, null: there is none.</summary>
    public async Task<TransactionEnd?> FindTransactionAsync(string cluster, ulong transaction, CancellationToken cancellationToken = default)
    {
        var size = WalSegmentSize.Default;
        await foreach (var summary in repository.ListAsync(cluster, cancellationToken))
        {
            size = summary.Engine == PostgreSqlEngine.Name ? PostgresBackupFacts.Parse(summary.Facts).WalSegmentSize : size;
        }

        var archives = repository.Tiers.Select(tier => repository.OpenLog(cluster, tier)).ToList();
        var found = new ConcurrentBag<TransactionEnd>();
        await ForEachSegmentAsync((await ListAsync(archives, size, cancellationToken)).Values, archives, (part, content) =>
        {
            if (WalTransactions.Find(content.Span, part.Segment.Start, transaction) is { } end)
            {
                found.Add(end);
            }
        }, cancellationToken);
        return found.MaxBy(end => end.Position);
    }

    private static async Task<IReadOnlyList<RestorePoint>> FindPointsAsync(
        IReadOnlyCollection<Part> parts, IReadOnlyList<ILogArchive> archives, CancellationToken cancellationToken)
    {
        var found = new ConcurrentBag<RestorePoint>();
        await ForEachSegmentAsync(parts, archives, (part, content) =>
        {
            foreach (var (name, position, time) in WalRestorePoints.Scan(content.Span, part.Segment.Start))
            {
                found.Add(new RestorePoint(name, part.Segment.Timeline, position, time));
            }
        }, cancellationToken);
        return [.. found.OrderBy(point => point.Timeline).ThenBy(point => point.Position)];
    }

    private static Task ForEachSegmentAsync(
        IReadOnlyCollection<Part> parts, IReadOnlyList<ILogArchive> archives, Action<Part, ReadOnlyMemory<byte>> look, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        parts,
        new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken },
        async (part, token) =>
        {
            if (await ReadAsync(part, archives, token) is { } content)
            {
                look(part, content.Content);
            }
        });

    private static BackupPoint Point(BackupSummary summary, PostgresBackupFacts facts) => new()
    {
        Id = summary.Id.Value,
        Timeline = facts.Timeline,
        Start = facts.StartLsn,
        Stop = facts.StopLsn,
        StopTime = facts.StopTime,
        NextTransaction = facts.NextTransaction,
        Bytes = summary.LogicalBytes,
        Tiers = [.. summary.Tiers],
    };

    /// <summary>Each segment any tier has; the longest where it is not whole.</summary>
    private static async Task<Dictionary<WalFileName.Segment, Part>> ListAsync(
        IReadOnlyList<ILogArchive> archives, WalSegmentSize size, CancellationToken cancellationToken)
    {
        var found = new Dictionary<WalFileName.Segment, Part>();
        foreach (var archive in archives)
        {
            await foreach (var entry in archive.ListAsync(cancellationToken: cancellationToken))
            {
                if (WalFileName.TryParse(entry.Name.Name, size) is WalFileName.Segment segment)
                {
                    var end = entry.IsComplete ? segment.End : segment.Start + entry.PlainLength;
                    if (!found.TryGetValue(segment, out var known) || known.End < end)
                    {
                        found[segment] = new Part(segment, end);
                    }
                }
            }
        }

        return found;
    }

    private static IEnumerable<List<Part>> Runs(IReadOnlyList<Part> parts)
    {
        var run = new List<Part>();
        foreach (var part in parts)
        {
            if (run.Count > 0 && (run[^1].Segment.Timeline != part.Segment.Timeline || run[^1].End != part.Segment.Start))
            {
                yield return run;
                run = [];
            }

            run.Add(part);
        }

        if (run.Count > 0)
        {
            yield return run;
        }
    }

    private static async Task<WalRange> MeasureAsync(List<Part> run, IReadOnlyList<ILogArchive> archives, CancellationToken cancellationToken)
    {
        DateTimeOffset? first = null;
        foreach (var part in run.Take(SegmentsScanned))
        {
            first ??= (await ScanAsync(part, archives, cancellationToken)).First;
        }

        DateTimeOffset? last = null;
        foreach (var part in Enumerable.Reverse(run).Take(SegmentsScanned))
        {
            last ??= (await ScanAsync(part, archives, cancellationToken)).Last;
        }

        // Replay stops at a time only when it meets a transaction that ended later, so the last one's own moment is out of reach by a hair. A range in which nothing ended
        // covers no moment, though it may bridge others.
        last = last?.AddMicroseconds(-1);
        return new WalRange(
            run[0].Segment.Timeline, run[0].Segment.Start, run[^1].End, first ?? DateTimeOffset.MinValue, last ?? DateTimeOffset.MinValue);
    }

    private static async Task<WalCommits> ScanAsync(Part part, IReadOnlyList<ILogArchive> archives, CancellationToken cancellationToken) =>
        await ReadAsync(part, archives, cancellationToken) is { } content ? WalCommits.Scan(content.Content.Span, part.Segment.Start) : default;

    /// <summary>The part from the first archive that has all of it.</summary>
    private static async Task<LogContent?> ReadAsync(Part part, IReadOnlyList<ILogArchive> archives, CancellationToken cancellationToken)
    {
        foreach (var archive in archives)
        {
            if (await archive.ReadAsync(WalLogNames.Of(part.Segment)!.Value, cancellationToken) is { } content
                && part.Segment.Start + content.Content.Length >= part.End)
            {
                return content;
            }
        }

        return null;
    }

    private sealed record Part(WalFileName.Segment Segment, Lsn End);
}

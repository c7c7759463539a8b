using System.Text;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Restores;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.Logs;
using DrMesh.Core.Backups.PostgreSql;

namespace DrMesh.Engines.PostgreSql.Restore;

/// <summary>The line of history a restore follows.</summary>
/// <param name="History">The line.</param>
/// <param name="Files">
/// The content of every history file known, by timeline; timeline 1 has none. The server gets them all, since the timeline it begins when it has recovered takes the first number without one.
/// </param>
internal sealed record TimelineLine(TimelineHistory History, IReadOnlyDictionary<TimelineId, byte[]> Files)
{
    /// <summary>
    /// The timeline the target asks for, else the newest that leads on from the backup. The newest of all may have branched off before the backup and would not.
    /// </summary>
    public static async Task<TimelineLine> ChooseAsync(
        RecoveryTarget target, PostgresBackupFacts backup, string cluster, IBackupRepository repository, CancellationToken cancellationToken) =>
        await ChooseAsync(target, backup, (await AnsweringArchives.OpenAsync(cluster, repository, cancellationToken)).Archives, cancellationToken);

    /// <summary>The same from archives that are open already.</summary>
    public static async Task<TimelineLine> ChooseAsync(
        RecoveryTarget target, PostgresBackupFacts backup, IReadOnlyList<ILogArchive> archives, CancellationToken cancellationToken)
    {
        var files = await ReadAllAsync(archives, cancellationToken);
        var histories = files.Select(file => TimelineHistory.Parse(file.Key, Encoding.UTF8.GetString(file.Value))).ToList();
        if (backup.Timeline.Value == 1 || !files.ContainsKey(backup.Timeline))
        {
            histories.Add(TimelineHistory.Root(backup.Timeline));
        }

        var chosen = target.Timeline is { } asked
            ? histories.FirstOrDefault(history => history.Timeline == asked)
            : histories.Where(history => history.Contains(backup.Timeline, backup.StopLsn)).MaxBy(history => history.Timeline);
        if (chosen is null || !chosen.Contains(backup.Timeline, backup.StopLsn))
        {
            throw new DrMeshException(
                DrMeshError.PostgresRecoveryFailed,
                $"timeline {target.Timeline} does not lead on from the backup, which ends at {backup.StopLsn} of timeline {backup.Timeline}",
                "choose an older backup, or another timeline; drmesh pitr plan shows what fits");
        }

        return new TimelineLine(chosen, files);
    }

    /// <summary>Every history file the archives have.</summary>
    public static async Task<Dictionary<TimelineId, byte[]>> ReadAllAsync(IEnumerable<ILogArchive> archives, CancellationToken cancellationToken)
    {
        var files = new Dictionary<TimelineId, byte[]>();
        foreach (var archive in archives)
        {
            await foreach (var entry in archive.ListAsync(
                new(WalLogNames.HistoryGroup, "0"), new(WalLogNames.HistoryGroup, "z"), cancellationToken))
            {
                if (WalFileName.TryParse(entry.Name.Name, WalSegmentSize.Default) is WalFileName.History name && !files.ContainsKey(name.Timeline)
                    && await archive.ReadAsync(entry.Name, cancellationToken) is { } content)
                {
                    files[name.Timeline] = content.Content.ToArray();
                }
            }
        }

        return files;
    }
}

using System.Globalization;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Restores;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.PostgreSql;
using DrMesh.Core.Recovery;
using DrMesh.Core.Restores.PostgreSql;
using DrMesh.Engines.PostgreSql.Hosting;
using DrMesh.Engines.PostgreSql.Replication;
using Npgsql;

namespace DrMesh.Engines.PostgreSql.Restore;

/// <summary>
/// A server that comes up from base backup and archived WAL and stays a standby: it follows nobody, and replays what the archive has whenever it is asked to. Every call is safe to repeat,
/// whatever an earlier one left half done.
/// </summary>
internal sealed class ArchiveStandby(NodeAgentOptions options, IDatabaseHost host, ReplicationServer server, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a standby that neither asks for what is offered nor replays is given before it is believed to have all it can use.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(5);

    // How soon it looks again, as a promise sets it.
    private static readonly (string Name, string Value) Eager = ("wal_retrieve_retry_interval", "100ms");
    private readonly PostgresInstance _instance = options.Instance;

    private string Signal => Path.Combine(_instance.DataDirectory, "standby.signal");

    /// <summary>Brings it up and replays to the end of the archive.</summary>
    /// <param name="request">From what.</param>
    /// <param name="repository">The repository.</param>
    /// <param name="whereAside">Says where a directory goes that must be kept; asked only when one must.</param>
    /// <param name="isFenced">Whether the server is fenced.</param>
    /// <param name="report">Tells how far it is.</param>
    /// <param name="goesOn">Throws when somebody who counts more waits.</param>
    /// <param name="cancellationToken">Ends it; the server stays a standby.</param>
    /// <returns>How it was done, and the time of the last commit replayed.</returns>
    /// <exception cref="OrderRefusedException">It is a primary, or there is nothing to replay onto.</exception>
    public async Task<(string Method, DateTimeOffset? LastCommit)> BringUpAsync(
        SiteRestore request, IBackupRepository repository, Func<string> whereAside, bool isFenced, Action<string> report, Action goesOn, CancellationToken cancellationToken)
    {
        if (!host.KeepsRecoverySettings)
        {
            throw new OrderRefusedException("Patroni takes the settings of a recovery away when it starts a server, so nothing is brought up from the repository here; restore it by hand, or use strategy hot_standby");
        }

        if (host.IsRunning)
        {
            if (!await server.IsInRecoveryAsync(cancellationToken))
            {
                throw new OrderRefusedException("it is a primary");
            }

            if (await server.HasReceiverAsync(cancellationToken))
            {
                return ("streams already", await server.LastReplayedCommitAsync(cancellationToken));
            }
        }

        var copy = host.IsRunning ? SiteCopy.Follow : SiteCopies.Decide(
            !File.Exists(Path.Combine(_instance.DataDirectory, "global", "pg_control")), File.Exists(PostgresRestore.MarkOf(_instance.DataDirectory)), File.Exists(Signal), isFenced);
        var archives = await AnsweringArchives.OpenAsync(request.Source, repository, cancellationToken);
        var kept = "";
        var silent = archives.Silent.Count == 0 ? "" : $"; not asked: {string.Join(", ", archives.Silent)}";
        var facts = PostgresBackupFacts.Parse((await repository.FindKnownAsync(request.Backup, "drmesh backup list shows what there is", cancellationToken)).Facts);
        if (copy == SiteCopy.Follow)
        {
            try
            {
                await ReplayAsync(archives, facts, await BeginsAtAsync(cancellationToken), report, goesOn, cancellationToken);
                return ($"replayed the archive{silent}", await server.LastReplayedCommitAsync(cancellationToken));
            }
            catch (DrMeshException stuck) when (request.MayRestore && stuck.Code is DrMeshError.PostgresRecoveryFailed or DrMeshError.ToolFailed)
            {
                report($"its copy cannot be brought further, a backup takes its place: {stuck.Message}");
                await host.StopAsync(ShutdownMode.Immediate, cancellationToken);
                await RestoreAsync(request, repository, isDelta: true, report, cancellationToken);
            }
        }
        else if (!request.MayRestore)
        {
            throw new OrderRefusedException("it has no copy that the archive could be replayed onto");
        }
        else
        {
            if (copy == SiteCopy.KeepAside)
            {
                var aside = whereAside();
                report($"what is there is kept as {aside}");
                Directory.Move(_instance.DataDirectory, aside);
                kept = $"; what was there is kept as {aside}";
            }

            await RestoreAsync(request, repository, isDelta: false, report, cancellationToken);
        }

        goesOn();
        await ReplayAsync(archives, facts, facts.StartLsn, report, goesOn, cancellationToken);
        return ($"restored {request.Backup} and replayed the archive{kept}{silent}", await server.LastReplayedCommitAsync(cancellationToken));
    }

    private async Task RestoreAsync(SiteRestore request, IBackupRepository repository, bool isDelta, Action<string> report, CancellationToken cancellationToken)
    {
        var restore = new PostgresRestore(_instance.Install, options.ConnectionString, time);
        await restore.RestoreFilesAsync(
            new PostgresRestoreRequest
            {
                Backup = request.Backup,
                TargetDirectory = _instance.DataDirectory,
                Target = RecoveryTarget.Latest,
                IsDelta = isDelta,
                StaysStandby = true,
                KeepsArchiving = true,
                Port = request.Port,
                Settings = request.Settings,
                Parallelism = request.Parallelism,
            },
            repository,
            new Written(report),
            cancellationToken);
    }

    // A stopped standby begins again at its last restart point; a running one asks for what comes next.
    private async Task<Lsn> BeginsAtAsync(CancellationToken cancellationToken) => host.IsRunning
        ? await server.ReplayedAsync(cancellationToken) ?? Lsn.None
        : Lsn.Parse((await _instance.ReadControlDataAsync(cancellationToken))["Latest checkpoint's REDO location"]);

    private async Task ReplayAsync(
        AnsweringArchives archives, PostgresBackupFacts facts, Lsn from, Action<string> report, Action goesOn, CancellationToken cancellationToken)
    {
        var line = await TimelineLine.ChooseAsync(RecoveryTarget.Latest, facts, archives.Archives, cancellationToken);
        var known = host.IsRunning ? from : (Lsn?)null;
        await using var feed = await WalFeed.StartAsync(
            _instance.DataDirectory, _instance.Install.User, archives.Archives, from, line.History, line.Files, facts.WalSegmentSize, time, known, cancellationToken);
        await FetchByAsync(WalFeed.CommandForStandby(_instance.DataDirectory), cancellationToken);
        await StartAsync(cancellationToken);
        await UntilReplayedAsync(feed, from, report, goesOn, cancellationToken);
        await FetchByAsync("", cancellationToken);
    }

    private async Task FetchByAsync(string command, CancellationToken cancellationToken)
    {
        if (host.IsRunning)
        {
            await server.SetAsync([Eager, ("restore_command", command)], cancellationToken);
            return;
        }

        await SettingsFile.ReplaceAsync(
            _instance.DataDirectory, new Dictionary<string, string?> { [Eager.Name] = Eager.Value, ["restore_command"] = command, ["primary_conninfo"] = "" }, cancellationToken);
        await Ownership.GiveAsync(_instance.Install.User, Path.Combine(_instance.DataDirectory, SettingsFile.Name), cancellationToken);
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        if (host.IsRunning)
        {
            return;
        }

        await _instance.PrepareLogAsync(cancellationToken);
        try
        {
            await host.StartAsync(cancellationToken);
        }
        catch (DrMeshException slow) when (slow.Code == DrMeshError.ToolFailed && host.IsRunning)
        {
            // It accepts no connection before it is consistent, which may take longer than a start is waited for.
        }
    }

    private async Task UntilReplayedAsync(WalFeed feed, Lsn from, Action<string> report, Action goesOn, CancellationToken cancellationToken)
    {
        var idleSince = time.GetTimestamp();
        Lsn? last = null;
        while (true)
        {
            goesOn();
            // In this order: a standby that waits after it took the last segment has replayed it.
            var (hasEnded, isTaken) = (await feed.HasEndedAsync(), feed.IsTaken);
            var (waits, position) = await AskAsync(cancellationToken);
            if (position is { } at)
            {
                report(string.Create(CultureInfo.InvariantCulture, $"replayed to {at}, {Math.Max(0, at - from) / (double)(1 << 20):0.0} MiB"));
            }

            if (position != last || !hasEnded)
            {
                (last, idleSince) = (position, time.GetTimestamp());
            }

            if (hasEnded && waits && (isTaken || time.GetElapsedTime(idleSince) > Idle))
            {
                return;
            }

            if (!host.IsRunning)
            {
                throw Failed($"ended during recovery: {await _instance.ReadFailureAsync(cancellationToken)}");
            }

            if (hasEnded && position is null && time.GetElapsedTime(idleSince) > options.Patience)
            {
                throw Failed("has replayed what is archived and is not consistent");
            }

            await Task.Delay(Interval, time, cancellationToken);
        }
    }

    // Nothing: it is not open for queries yet.
    private async Task<(bool Waits, Lsn? Position)> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await server.WaitsForWalAsync(cancellationToken), await server.ReplayedAsync(cancellationToken));
        }
        catch (NpgsqlException)
        {
            return (false, null);
        }
    }

    private DrMeshException Failed(string how) => new(
        DrMeshError.PostgresRecoveryFailed, $"the server of {options.Member} in {_instance.DataDirectory} {how}", $"its log is {_instance.DataDirectory}.log; drmesh pitr windows shows what the archive has");

    private sealed class Written(Action<string> report) : IProgress<RestoreProgress>
    {
        public void Report(RestoreProgress value) =>
            report(string.Create(CultureInfo.InvariantCulture, $"{value.DoneBytes / (double)(1 << 20):0.0} MiB of {value.TotalBytes / (double)(1 << 20):0.0} MiB are restored"));
    }
}

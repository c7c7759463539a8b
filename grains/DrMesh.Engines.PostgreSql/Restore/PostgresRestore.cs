using System.Globalization;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Restores;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.PostgreSql;
using DrMesh.Core.Restores.PostgreSql;
using DrMesh.Engines.PostgreSql.Hosting;
using DrMesh.Engines.Processes;
using Npgsql;

namespace DrMesh.Engines.PostgreSql.Restore;

/// <summary>Restores a server on this machine.</summary>
/// <param name="install">The programs the restored server runs with; of the backup's major version.</param>
/// <param name="connectionString">How to connect to the restored server: its host, user and password as the original's; the port is put in.</param>
/// <param name="time">For waits.</param>
public sealed class PostgresRestore(PostgresInstall install, string connectionString, TimeProvider time) : IPostgresRestore
{
    private const string ControlFile = "global/pg_control";
    private const string SignalFile = "recovery.signal";
    private const string StandbySignal = "standby.signal";
    private static readonly TimeSpan StopPatience = TimeSpan.FromMinutes(5);

    /// <summary>The file that tells of a restore into a directory that has not ended yet.</summary>
    internal static string MarkOf(string directory) => directory.TrimEnd('/') + ".drmesh-restore";

    /// <inheritdoc/>
    public async Task<RestoreReport> RestoreFilesAsync(
        PostgresRestoreRequest request, IBackupRepository repository, IProgress<RestoreProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var instance = new PostgresInstance(install, request.TargetDirectory);
        if (instance.ReadPostmasterPid() is { } pid)
        {
            throw new DrMeshException(
                DrMeshError.RestoreTargetUnusable,
                string.Create(CultureInfo.InvariantCulture, $"a server (process {pid}) runs on {request.TargetDirectory}"),
                "stop it, or choose another directory");
        }

        await CheckReachableAsync(request.TargetDirectory, cancellationToken);
        await using var reader = await repository.OpenAsync(request.Backup, cancellationToken);
        var facts = PostgresBackupFacts.Parse(reader.Summary.Facts);
        var line = await TimelineLine.ChooseAsync(request.Target, facts, reader.Summary.Source, repository, cancellationToken);

        // The control file comes last: without it no server starts on a directory that is half restored.
        var mark = MarkOf(request.TargetDirectory);
        var isResumed = File.Exists(mark);
        await File.WriteAllTextAsync(mark, request.Backup.Value, cancellationToken);
        var report = await reader.RestoreAsync(
            new RestoreRequest
            {
                TargetDirectory = request.TargetDirectory,
                RootMap = request.TablespaceMap,
                Delta = request.IsDelta || isResumed,
                LastPath = ControlFile,
                Parallelism = request.Parallelism,
                Owner = install.User,
            },
            progress,
            cancellationToken);
        await ConfigureAsync(request, line, cancellationToken);
        File.Delete(mark);
        return report;
    }

    /// <inheritdoc/>
    public async Task<RecoveryReached> RecoverAsync(
        PostgresRestoreRequest request, IBackupRepository repository, IProgress<RecoveryProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var summary = await repository.FindKnownAsync(request.Backup, "drmesh backup list shows what there is", cancellationToken);
        var facts = PostgresBackupFacts.Parse(summary.Facts);
        var instance = new PostgresInstance(install, request.TargetDirectory);
        if (request.RestoreCommand is not null)
        {
            return await LaunchAndWatchAsync(instance, request, facts, progress, cancellationToken);
        }

        // The server of an earlier, killed call waits for a feed that is gone, unless it had already reached its target.
        if (File.Exists(Path.Combine(request.TargetDirectory, SignalFile)))
        {
            await instance.StopAsync(ShutdownMode.Fast, StopPatience, cancellationToken);
        }

        var line = await TimelineLine.ChooseAsync(request.Target, facts, summary.Source, repository, cancellationToken);
        var archives = (await AnsweringArchives.OpenAsync(summary.Source, repository, cancellationToken)).Archives;
        await using var feed = await WalFeed.StartAsync(
            request.TargetDirectory, install.User, archives, facts.StartLsn, line.History, line.Files, facts.WalSegmentSize, time, null, cancellationToken);
        await WriteSettingsAsync(request, line, WalFeed.CommandFor(request.TargetDirectory), cancellationToken);
        try
        {
            var reached = await LaunchAndWatchAsync(instance, request, facts, progress, cancellationToken);
            await ForgetFeedAsync(request, reached, cancellationToken);
            return reached;
        }
        catch
        {
            await instance.StopAsync(ShutdownMode.Immediate, StopPatience, CancellationToken.None);
            throw;
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(PostgresRestoreRequest request, CancellationToken cancellationToken = default) =>
        new PostgresInstance(install, request.TargetDirectory).StopAsync(ShutdownMode.Fast, StopPatience, cancellationToken);

    /// <summary>The server's user must be able to come to its directory; found out before anything is written.</summary>
    private async Task CheckReachableAsync(string directory, CancellationToken cancellationToken)
    {
        var parent = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory)))!;
        var test = await ToolProcess.RunAsync(
            new ToolCommand { Program = "test", Arguments = ["-d", parent, "-a", "-x", parent], RunAs = install.User, WorkingDirectory = "/" }, cancellationToken);
        if (test.ExitCode != 0)
        {
            throw new DrMeshException(
                DrMeshError.RestoreTargetUnusable,
                $"{parent} is no directory that {install.User ?? Environment.UserName} can enter",
                $"create it, or let that user in: chmod +x {parent}");
        }
    }

    private async Task<RecoveryReached> LaunchAndWatchAsync(
        PostgresInstance instance, PostgresRestoreRequest request, PostgresBackupFacts facts, IProgress<RecoveryProgress>? progress, CancellationToken cancellationToken)
    {
        var watch = new RecoveryWatch(
            instance, connectionString, request.Target, facts.StartLsn, await instance.ReadControlDataAsync(cancellationToken), time);
        if (instance.ReadPostmasterPid() is null)
        {
            await instance.LaunchAsync(cancellationToken);
        }

        return await watch.UntilReachedAsync(progress, cancellationToken);
    }

    private async Task ConfigureAsync(PostgresRestoreRequest request, TimelineLine line, CancellationToken cancellationToken)
    {
        await WriteSettingsAsync(request, line, request.RestoreCommand ?? WalFeed.CommandFor(request.TargetDirectory), cancellationToken);
        var signal = Path.Combine(request.TargetDirectory, request.StaysStandby ? StandbySignal : SignalFile);
        await File.WriteAllTextAsync(signal, "", cancellationToken);
        await Ownership.GiveAsync(install.User, signal, cancellationToken);
    }

    private async Task WriteSettingsAsync(PostgresRestoreRequest request, TimelineLine line, string restoreCommand, CancellationToken cancellationToken)
    {
        var target = request with { Target = request.Target with { Timeline = line.History.Timeline } };
        await SettingsFile.ReplaceAsync(request.TargetDirectory, RecoverySettings.For(target, restoreCommand), cancellationToken);
        await Ownership.GiveAsync(install.User, Path.Combine(request.TargetDirectory, SettingsFile.Name), cancellationToken);
    }

    /// <summary>A server that recovered must not ask this process for WAL at its next start.</summary>
    private async Task ForgetFeedAsync(PostgresRestoreRequest request, RecoveryReached reached, CancellationToken cancellationToken)
    {
        if (reached.IsInRecovery)
        {
            // A paused server goes on to the end of what it has when a person resumes it.
            return;
        }

        await SettingsFile.ReplaceAsync(request.TargetDirectory, RecoverySettings.Cleared, cancellationToken);
        await Ownership.GiveAsync(install.User, Path.Combine(request.TargetDirectory, SettingsFile.Name), cancellationToken);
        if (request.Target.Action == RecoveryAction.Promote)
        {
            var server = RecoveryWatch.ConnectionString(connectionString, new PostgresInstance(install, request.TargetDirectory)) ?? throw new DrMeshException(
                DrMeshError.PostgresConnectionLost, $"the restored server in {request.TargetDirectory} has ended after it was promoted", $"its log is {request.TargetDirectory}.log");
            await using var connection = new NpgsqlConnection(server);
            await connection.OpenAsync(cancellationToken);
            await using var reload = new NpgsqlCommand("select pg_reload_conf()", connection);
            await reload.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}

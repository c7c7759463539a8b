using System.Collections.Concurrent;
using System.Text;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.PostgreSql;
using DrMesh.Engines.PostgreSql.Hosting;
using DrMesh.Engines.PostgreSql.Pages;

namespace DrMesh.Engines.PostgreSql.Backup;

/// <summary>
/// Backs up a server of this machine by reading its data directory in parallel while the server runs. Source: the manual's "Making a Base Backup Using the Low Level API".
/// </summary>
public sealed class PostgresBackup(string connectionString, TimeProvider time) : IPostgresBackup
{
    private const string ControlFile = "global/pg_control";
    private const UnixFileMode PrivateFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <inheritdoc/>
    public async Task<BackupCommit> RunAsync(
        PostgresBackupRequest request, IBackupRepository repository, IProgress<BackupProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        if (await repository.FindAsync(request.Id, cancellationToken) is { } done)
        {
            return new BackupCommit { Summary = done, Tiers = [.. done.Tiers.Select(tier => new TierOutcome { Tier = tier })] };
        }

        await using var mode = await BackupMode.OpenAsync(connectionString, cancellationToken);
        var origin = DataDirectory.Identify(mode.Facts);
        await using var parent = await ParentChoice.OpenAsync(request, repository, mode.Facts.SystemId, origin, cancellationToken);
        await using var writer = await repository.BeginAsync(
            new BackupDraft
            {
                Id = request.Id,
                Engine = PostgreSqlEngine.Name,
                Source = request.Cluster,
                Parent = parent?.Reader.Summary.Id,
                StartedAt = time.GetUtcNow(),
                CompressionLevel = request.CompressionLevel,
                Labels = request.Labels,
            },
            cancellationToken);
        await mode.BeginAsync($"drmesh {request.Id}", request.FastCheckpoint, request.IncludeWal, time, cancellationToken);

        var job = new BackupJob(
            writer,
            parent,
            new ServerTraits(mode.Facts.HasChecksums, mode.Facts.SegmentPages),
            new BadPages(mode.StartLsn),
            new BackupMeter(writer, progress, time),
            time);
        IReadOnlyCollection<string> unread;
        using (var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, mode.Lost))
        {
            try
            {
                unread = await ReadDataAsync(job, mode.Facts.DataDirectory, request.Parallelism, either.Token);
            }
            catch (OperationCanceledException) when (mode.Failure is { } failure && !cancellationToken.IsCancellationRequested)
            {
                throw PostgresErrors.During("backing up", mode.Facts.DataDirectory, failure);
            }
        }

        var stop = await mode.EndAsync(cancellationToken);
        var label = BackupLabel.Parse(stop.Label);
        var last = new BackupWorker(job);
        await last.AddAsync(BackupLabel.FileName, PrivateFile, Encoding.UTF8.GetBytes(stop.Label), cancellationToken);
        if (request.IncludeWal)
        {
            await WalCopy.AddAsync(last, mode.Facts.DataDirectory, label.Timeline, label.StartLsn, stop.StopLsn, mode.Facts.WalSegmentSize, cancellationToken);
        }

        await last.FlushAsync(cancellationToken);
        job.Meter.Report();
        var damaged = job.BadPages.Describe(stop.StopLsn);
        IReadOnlyList<string> inherited = parent is null
            ? []
            : [.. parent.Reader.Summary.Warnings.Where(warning => unread.Any(path => BadPages.IsAbout(warning, path)))];
        return await writer.CommitAsync(
            new BackupCompletion
            {
                CompletedAt = time.GetUtcNow(),
                Facts = Facts(mode.Facts, label, stop, origin, damaged.Count + inherited.Count, request.IncludeWal).ToDictionary(),
                Roots = [.. stop.Tablespaces.Select(space => new BackupRoot { Path = $"pg_tblspc/{space.Oid}", Location = space.Location })],
                Warnings = [.. damaged, .. inherited],
            },
            cancellationToken);
    }

    private static async Task<IReadOnlyCollection<string>> ReadDataAsync(
        BackupJob job, string dataDirectory, int parallelism, CancellationToken cancellationToken)
    {
        var files = DataDirectoryScan.Run(dataDirectory);
        job.Meter.Expect(files.Sum(file => file.IsDirectory ? 0 : file.Entry.Length));
        // The largest first, so that no worker is left alone with one at the end.
        var queue = new ConcurrentQueue<ScannedFile>(files.OrderByDescending(file => file.IsDirectory ? long.MaxValue : file.Entry.Length).ThenBy(file => file.Path, StringComparer.Ordinal));
        var workers = Enumerable.Range(0, parallelism > 0 ? parallelism : Environment.ProcessorCount).Select(_ => new BackupWorker(job)).ToList();
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAll(workers.Select(worker => Task.Run(() => DrainAsync(worker), CancellationToken.None)));

        // Last, since on a standby it says up to where replay must go to be consistent (the manual, "Backing Up a Standby").
        var control = new BackupWorker(job);
        await control.AddAsync(ControlFile, PrivateFile, await DataDirectory.ReadControlFileAsync(dataDirectory, cancellationToken), cancellationToken);
        await control.FlushAsync(cancellationToken);
        return [.. workers.SelectMany(worker => worker.Unread)];

        async Task DrainAsync(BackupWorker worker)
        {
            try
            {
                while (queue.TryDequeue(out var file))
                {
                    failed.Token.ThrowIfCancellationRequested();
                    await worker.AddAsync(file, failed.Token);
                }

                await worker.FlushAsync(failed.Token);
            }
            catch
            {
                // The first failure ends the others' work.
                await failed.CancelAsync();
                throw;
            }
        }
    }

    private static PostgresBackupFacts Facts(ServerFacts server, BackupLabel label, BackupStop stop, string origin, int badPages, bool hasWal) => new()
    {
        StartLsn = label.StartLsn,
        StopLsn = stop.StopLsn,
        Timeline = label.Timeline,
        SystemId = server.SystemId,
        StopTime = stop.Time,
        NextTransaction = stop.NextTransaction,
        ServerVersion = server.Version,
        WalSegmentSize = server.WalSegmentSize,
        FromStandby = label.FromStandby,
        HasChecksums = server.HasChecksums,
        BadPages = badPages,
        Origin = origin,
        HasWal = hasWal,
    };
}

using System.Formats.Tar;
using System.Globalization;
using System.Text;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.PostgreSql;
using DrMesh.Engines.PostgreSql.Hosting;
using DrMesh.Engines.PostgreSql.Pages;
using DrMesh.Engines.PostgreSql.Replication;
using Npgsql;

namespace DrMesh.Engines.PostgreSql.Backup;

/// <summary>
/// Backs up a server over its connection alone, by BASE_BACKUP. All data comes over the network; of files the parent backup knows, only changed pages are stored.
/// </summary>
/// <param name="connectionString">As a user with REPLICATION who may run <c>pg_read_binary_file</c> (pg_read_server_files), for pages that fail their check.</param>
/// <param name="time">The clock.</param>
public sealed class RemotePostgresBackup(string connectionString, TimeProvider time) : IPostgresBackup
{
    private static readonly HashSet<string> LeftOut = new(["standby.signal", "recovery.signal", TablespaceMap.FileName], StringComparer.Ordinal);

    /// <inheritdoc/>
    public async Task<BackupCommit> RunAsync(
        PostgresBackupRequest request, IBackupRepository repository, IProgress<BackupProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        if (await repository.FindAsync(request.Id, cancellationToken) is { } done)
        {
            return new BackupCommit { Summary = done, Tiers = [.. done.Tiers.Select(tier => new TierOutcome { Tier = tier })] };
        }

        var settings = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, ApplicationName = "drmesh backup" };
        var server = $"{settings.Host}:{settings.Port}";
        try
        {
            await using var query = new NpgsqlConnection(settings.ConnectionString);
            await query.OpenAsync(cancellationToken);
            return await RunAsync(request, repository, query, await ServerFacts.ReadAsync(query, cancellationToken), progress, cancellationToken);
        }
        catch (Exception failure) when (failure is NpgsqlException or IOException or System.Net.Sockets.SocketException)
        {
            throw PostgresErrors.During("backing up", server, failure);
        }
    }

    private async Task<BackupCommit> RunAsync(
        PostgresBackupRequest request,
        IBackupRepository repository,
        NpgsqlConnection query,
        ServerFacts facts,
        IProgress<BackupProgress>? progress,
        CancellationToken cancellationToken)
    {
        await using var parent = await ParentChoice.OpenAsync(request, repository, facts.SystemId, origin: "", cancellationToken);
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
        await using var client = await ReplicationClient.OpenAsync(connectionString, cancellationToken);
        await using var stream = await BaseBackupStream.BeginAsync(client, $"drmesh {request.Id}", request.FastCheckpoint, request.IncludeWal, cancellationToken);
        var badPages = new BadPages(stream.Start);
        var job = new BackupJob(
            writer, parent, new ServerTraits(facts.HasChecksums, facts.SegmentPages), badPages, new BackupMeter(writer, progress, time), time);
        job.Meter.Expect(stream.SizeEstimate);
        var worker = new BackupWorker(job);
        var suspects = new SuspectPages();
        BackupLabel? label = null;
        while (await stream.NextArchiveAsync(cancellationToken) is { } archive)
        {
            var prefix = archive == "base.tar" ? "" : $"pg_tblspc/{Path.GetFileNameWithoutExtension(archive)}/";
            label = await AddArchiveAsync(stream, prefix, worker, writer, suspects, cancellationToken) ?? label;
        }

        var stop = await stream.FinishAsync(cancellationToken);
        await worker.FlushAsync(cancellationToken);
        await suspects.ResolveAsync(query, badPages, cancellationToken);
        var (stopTime, next) = await ReadClockAsync(query, cancellationToken);
        job.Meter.Report();
        var damaged = badPages.Describe(stop);
        return await writer.CommitAsync(
            new BackupCompletion
            {
                CompletedAt = time.GetUtcNow(),
                Facts = new PostgresBackupFacts
                {
                    StartLsn = stream.Start,
                    StopLsn = stop,
                    Timeline = stream.Timeline,
                    SystemId = facts.SystemId,
                    StopTime = stopTime,
                    NextTransaction = next,
                    ServerVersion = facts.Version,
                    WalSegmentSize = facts.WalSegmentSize,
                    FromStandby = label?.FromStandby ?? facts.IsStandby,
                    HasChecksums = facts.HasChecksums,
                    BadPages = damaged.Count,
                    Origin = "",
                    HasWal = request.IncludeWal,
                }.ToDictionary(),
                Roots = [.. stream.Tablespaces.Select(space => new BackupRoot { Path = $"pg_tblspc/{space.Oid}", Location = space.Location })],
                Warnings = damaged,
            },
            cancellationToken);
    }

    private static async Task<BackupLabel?> AddArchiveAsync(
        Stream archive, string prefix, BackupWorker worker, IBackupWriter writer, SuspectPages suspects, CancellationToken cancellationToken)
    {
        BackupLabel? label = null;
        await using var tar = new TarReader(archive, leaveOpen: true);
        while (await tar.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
        {
            var path = prefix + entry.Name.TrimEnd('/').TrimStart('.', '/');
            if (path == prefix || LeftOut.Contains(path) || path.StartsWith("pg_wal/archive_status/", StringComparison.Ordinal))
            {
                continue;
            }

            if (entry.EntryType == TarEntryType.Directory)
            {
                await writer.AddFileAsync(
                    new BackupFile { Path = path, Kind = BackupFileKind.Directory, Mode = entry.Mode, ModifiedAt = entry.ModificationTime }, cancellationToken);
            }
            else if (path == BackupLabel.FileName)
            {
                var text = new byte[entry.Length];
                await entry.DataStream!.ReadExactlyAsync(text, cancellationToken);
                label = BackupLabel.Parse(Encoding.UTF8.GetString(text));
                await worker.AddAsync(path, entry.Mode, text, cancellationToken);
            }
            else if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile)
            {
                var file = new BackupFile { Path = path, Length = entry.Length, Mode = entry.Mode, ModifiedAt = entry.ModificationTime };
                await worker.AddAsync(file, RelationPath.TryParse(path), new StreamPages(entry.DataStream ?? Stream.Null, path, suspects), cancellationToken);
            }
        }

        return label;
    }

    private static async Task<(DateTimeOffset Time, ulong NextTransaction)> ReadClockAsync(NpgsqlConnection query, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select clock_timestamp(), pg_snapshot_xmax(pg_current_snapshot())::text", query);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return (row.GetFieldValue<DateTimeOffset>(0), ulong.Parse(row.GetString(1), CultureInfo.InvariantCulture));
    }
}

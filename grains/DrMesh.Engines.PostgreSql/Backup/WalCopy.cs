using System.Globalization;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups.PostgreSql;
using DrMesh.Engines.PostgreSql.Pages;

namespace DrMesh.Engines.PostgreSql.Backup;

/// <summary>Adds the WAL from a backup's start to its stop, so that it restores without an archive; the temporary slot of <see cref="BackupMode"/> has kept it.</summary>
internal static class WalCopy
{
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Copies the segments, the last one only up to <paramref name="stop"/>, and the timeline's history.</summary>
    public static async Task AddAsync(
        BackupWorker worker, string dataDirectory, TimelineId timeline, Lsn start, Lsn stop, WalSegmentSize size, CancellationToken cancellationToken)
    {
        var directory = Path.Combine(dataDirectory, "pg_wal");
        for (var segment = WalFileName.Segment.Of(timeline, start, size); segment.Start < stop; segment = segment.Next)
        {
            await worker.AddAsync($"pg_wal/{segment}", Mode, await ReadAsync(directory, segment, stop, cancellationToken), cancellationToken);
        }

        var history = new WalFileName.History(timeline).ToString();
        if (File.Exists(Path.Combine(directory, history)))
        {
            await worker.AddAsync($"pg_wal/{history}", Mode, await File.ReadAllBytesAsync(Path.Combine(directory, history), cancellationToken), cancellationToken);
        }
    }

    private static async Task<byte[]> ReadAsync(string directory, WalFileName.Segment segment, Lsn stop, CancellationToken cancellationToken)
    {
        var path = Path.Combine(directory, segment.ToString());
        byte[] bytes;
        try
        {
            bytes = await File.ReadAllBytesAsync(path, cancellationToken);
        }
        catch (FileNotFoundException missing)
        {
            throw new DrMeshException(
                DrMeshError.PostgresWalMissing,
                $"WAL segment {segment}, which the backup needs, is not in pg_wal",
                "the server dropped it (max_slot_wal_keep_size is too small for the backup's time); raise it, then start again",
                missing);
        }

        if (bytes.Length != segment.Size.Bytes)
        {
            throw new DrMeshException(
                DrMeshError.PostgresWalMissing,
                string.Create(CultureInfo.InvariantCulture, $"WAL segment {segment} has {bytes.Length} bytes in pg_wal, not {segment.Size.Bytes}"),
                "see the server's log; start the backup again");
        }

        // After the page that holds the stop there may be anything: the rest of a recycled segment, or a record half written.
        var used = Math.Min((stop - segment.Start + PageFormat.Size - 1) / PageFormat.Size * PageFormat.Size, bytes.Length);
        bytes.AsSpan((int)used).Clear();
        return bytes;
    }
}

using System.Globalization;
using DrMesh.Core.Backups.PostgreSql;
using DrMesh.Contracts.Databases;
using DrMesh.Engines.PostgreSql.Hosting;
using Npgsql;

namespace DrMesh.Engines.PostgreSql.Backup;

/// <summary>
/// The time between <c>pg_backup_start</c> and <c>pg_backup_stop</c>. The server ends it by itself when the connection goes, so it is held and asked every second: a server that
/// restarts is noticed at once. A temporary slot keeps the WAL of that time on the server.
/// </summary>
internal sealed class BackupMode : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly string _server;
    private Task _watch = Task.CompletedTask;

    private BackupMode(NpgsqlConnection connection, ServerFacts facts)
    {
        _connection = connection;
        _server = $"{connection.Host}:{connection.Port}";
        Facts = facts;
    }

    /// <summary>The server.</summary>
    public ServerFacts Facts { get; }

    /// <summary>Where replay of the backup begins.</summary>
    public Lsn StartLsn { get; private set; }

    /// <summary>Cancelled when the server went away; <see cref="Failure"/> says how.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Why the server is taken for lost.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Connects and asks for the server's facts; the mode begins with <see cref="BeginAsync"/>.</summary>
    public static async Task<BackupMode> OpenAsync(string connectionString, CancellationToken cancellationToken)
    {
        // Not from a pool: the backup lives and dies with this connection. A commit must never wait for a standby here, nor a query for a lock.
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, ApplicationName = "drmesh backup", CommandTimeout = 0, KeepAlive = 0 };
        var connection = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return new BackupMode(connection, await ServerFacts.ReadAsync(connection, cancellationToken));
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            await connection.DisposeAsync();
            throw PostgresErrors.During("connecting for a backup", $"{settings.Host}:{settings.Port}", failure);
        }
    }

    /// <summary>Begins the mode: a checkpoint (on a standby the last restart point), after which every change of a page brings the whole page into WAL once.</summary>
    public async Task BeginAsync(string label, bool fast, bool keepWal, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            if (keepWal)
            {
                await ExecuteAsync(
                    "select pg_create_physical_replication_slot('drmesh_backup_' || pg_backend_pid(), immediately_reserve => true, temporary => true)", cancellationToken);
            }

            await using var command = new NpgsqlCommand("select pg_backup_start($1, $2)::text", _connection)
            {
                Parameters = { new() { Value = label }, new() { Value = fast } },
            };
            StartLsn = Lsn.Parse((string)(await command.ExecuteScalarAsync(cancellationToken))!);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw PostgresErrors.During("beginning a backup", _server, failure);
        }

        _watch = WatchAsync(time);
    }

    /// <summary>Ends the mode.</summary>
    /// <exception cref="Contracts.Errors.DrMeshException">The server was promoted meanwhile, or is gone.</exception>
    public async Task<BackupStop> EndAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _watch;
        if (Failure is { } failure)
        {
            throw PostgresErrors.During("backing up", _server, failure);
        }

        try
        {
            await using var command = new NpgsqlCommand(
                "select lsn::text, labelfile, spcmapfile, clock_timestamp(), pg_snapshot_xmax(pg_current_snapshot())::text from pg_backup_stop(wait_for_archive => false)", _connection);
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            await row.ReadAsync(cancellationToken);
            return new BackupStop(
                Lsn.Parse(row.GetString(0)),
                row.GetString(1),
                await row.IsDBNullAsync(2, cancellationToken) ? [] : TablespaceMap.Parse(row.GetString(2)),
                row.GetFieldValue<DateTimeOffset>(3),
                ulong.Parse(row.GetString(4), CultureInfo.InvariantCulture));
        }
        catch (Exception lost) when (lost is not OperationCanceledException)
        {
            throw PostgresErrors.During("ending a backup", _server, lost);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watch;
        await _connection.DisposeAsync();
        _stop.Dispose();
        _lost.Dispose();
    }

    private async Task WatchAsync(TimeProvider time)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                await ExecuteAsync("select 1", CancellationToken.None);
            }
        }
        catch (OperationCanceledException)
        {
            // The backup ends.
        }
        catch (Exception gone) when (gone is NpgsqlException or IOException or InvalidOperationException)
        {
            Failure = gone;
            await _lost.CancelAsync();
        }
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

/// <summary>What <c>pg_backup_stop</c> returned.</summary>
/// <param name="StopLsn">The earliest consistent position.</param>
/// <param name="Label">The content of <c>backup_label</c>.</param>
/// <param name="Tablespaces">The tablespaces outside the data directory.</param>
/// <param name="Time">The server's clock just after.</param>
/// <param name="NextTransaction">The next transaction id, with its epoch.</param>
internal sealed record BackupStop(Lsn StopLsn, string Label, IReadOnlyList<TablespaceEntry> Tablespaces, DateTimeOffset Time, ulong NextTransaction);

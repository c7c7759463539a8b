using System.Collections.Immutable;
using DrMesh.Core.Setup;
using Npgsql;

namespace DrMesh.Console.Commands.Doctor;

/// <summary>Asks a PostgreSQL server about itself. It only reads.</summary>
internal static class ServerReader
{
    private const int TimeoutSeconds = 5;

    private const string Own = """
        select current_setting('server_version_num')::int, system_identifier, pg_is_in_recovery(), pg_postmaster_start_time(),
               current_user::text, (select rolsuper from pg_roles where rolname = current_user),
               coalesce((select ssl from pg_stat_ssl where pid = pg_backend_pid()), false),
               array(select rolname::text from pg_roles where rolreplication or rolsuper order by rolname),
               exists (select from pg_stat_wal_receiver where status = 'streaming'),
               (select case when last_failed_time > coalesce(last_archived_time, '-infinity') and current_setting('archive_mode') <> 'off' then last_failed_wal end from pg_stat_archiver)
        from pg_control_system()
        """;

    private const string Settings = """
        select name, setting from pg_settings where name in (
          'wal_level', 'full_page_writes', 'fsync', 'data_checksums', 'wal_log_hints', 'max_wal_senders', 'max_replication_slots', 'hot_standby', 'synchronous_commit',
          'max_slot_wal_keep_size', 'wal_keep_size', 'recovery_min_apply_delay', 'synchronous_standby_names', 'cluster_name', 'data_directory', 'primary_conninfo',
          'max_connections', 'max_worker_processes', 'max_prepared_transactions', 'max_locks_per_transaction')
        """;

    private const string Followers = "select application_name, coalesce(sync_state, 'async') from pg_stat_replication where state in ('streaming', 'catchup') order by 1";

    private const string IdleSlots = """
        select slot_name::text, coalesce(pg_wal_lsn_diff(case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end, restart_lsn), 0)::bigint
        from pg_replication_slots where not active and restart_lsn is not null order by 1
        """;

    // The address column is null for local sockets, which serve no other machine.
    private const string AdmitsReplication = "select exists (select from pg_hba_file_rules where 'replication' = any(database) and type <> 'local' and error is null and auth_method <> 'reject')";

    /// <summary>The server's facts.</summary>
    /// <exception cref="NpgsqlException">It does not answer, or refuses.</exception>
    public static async Task<ServerFacts> ReadAsync(ServerAddress server, TimeProvider time, CancellationToken cancellationToken)
    {
        var settings = new NpgsqlConnectionStringBuilder(server.Connection.ConnectionString) { Pooling = false, Timeout = TimeoutSeconds, CommandTimeout = TimeoutSeconds, ApplicationName = "drmesh" };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        var (ahead, margin) = await ClockAsync(connection, time, cancellationToken);
        var values = await PairsAsync(connection, Settings, reader => (reader.GetString(0), reader.GetString(1)), cancellationToken);
        var all = values.ToImmutableDictionary(pair => pair.Item1, pair => pair.Item2);
        var followers = await PairsAsync(connection, Followers, reader => (reader.GetString(0), reader.GetString(1)), cancellationToken);
        var slots = await PairsAsync(connection, IdleSlots, reader => (reader.GetString(0), reader.GetInt64(1)), cancellationToken);
        await using var command = new NpgsqlCommand(Own, connection);
        ServerFacts facts;
        await using (var row = await command.ExecuteReaderAsync(cancellationToken))
        {
            await row.ReadAsync(cancellationToken);
            facts = new ServerFacts
            {
                Name = server.Name,
                Node = server.Node,
                Host = settings.Host!,
                Port = settings.Port,
                Database = settings.Database ?? "postgres",
                Version = row.GetInt32(0),
                SystemId = unchecked((ulong)row.GetInt64(1)),
                IsStandby = row.GetBoolean(2),
                StartedAt = row.GetFieldValue<DateTimeOffset>(3),
                User = row.GetString(4),
                IsSuperuser = row.GetBoolean(5),
                IsEncrypted = row.GetBoolean(6),
                UsesPassword = settings.Passfile is not null || settings.Password is not null || Environment.GetEnvironmentVariable("PGPASSWORD") is not null || Environment.GetEnvironmentVariable("PGPASSFILE") is not null,
                ReplicationRoles = [.. row.GetFieldValue<string[]>(7)],
                IsStreaming = row.GetBoolean(8),
                FailingSegment = row.IsDBNull(9) ? null : row.GetString(9),
                DataDirectory = all.GetValueOrDefault("data_directory"),
                Settings = all.Remove("primary_conninfo"),
                Upstream = ConnectionInfo.Read(all.GetValueOrDefault("primary_conninfo", "")),
                Followers = [.. followers],
                IdleSlots = [.. slots],
                ClockAhead = ahead,
                ClockMargin = margin,
            };
        }

        return facts.IsSuperuser ? facts with { AdmitsReplication = await ScalarAsync<bool>(connection, AdmitsReplication, cancellationToken) } : facts;
    }

    /// <summary>How far the server's clock is ahead of this machine's, and how far that may be wrong.</summary>
    public static async Task<(TimeSpan Ahead, TimeSpan Margin)> ClockAsync(NpgsqlConnection connection, TimeProvider time, CancellationToken cancellationToken)
    {
        // The first question of a connection also loads its types; the second is answered at once.
        await ScalarAsync<DateTimeOffset>(connection, "select clock_timestamp()", cancellationToken);
        var before = time.GetUtcNow();
        var theirs = await ScalarAsync<DateTimeOffset>(connection, "select clock_timestamp()", cancellationToken);
        var margin = (time.GetUtcNow() - before) / 2;
        return (theirs - before - margin, margin);
    }

    private static async Task<List<T>> PairsAsync<T>(NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    private static async Task<T> ScalarAsync<T>(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return reader.GetFieldValue<T>(0);
    }
}

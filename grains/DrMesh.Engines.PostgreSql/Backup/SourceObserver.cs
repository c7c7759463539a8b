using DrMesh.Core.Backups.PostgreSql;
using DrMesh.Core.Databases.PostgreSql;
using DrMesh.Engines.PostgreSql.Hosting;
using Npgsql;

namespace DrMesh.Engines.PostgreSql.Backup;

/// <summary>Looks at a server as a source of backups.</summary>
internal static class SourceObserver
{
    // A standby's lag is what it has received, or could fetch, and not replayed. One that is connected to nothing but replays the archive shows no walreceiver.
    private const string Query = """
        select system_identifier, pg_is_in_recovery(),
               case when pg_is_in_recovery()
                    then greatest(pg_wal_lsn_diff(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()), 0) end::bigint,
               pg_is_in_recovery() and pg_get_wal_replay_pause_state() <> 'not paused',
               exists (select from pg_stat_wal_receiver where status = 'streaming')
                 or (pg_is_in_recovery() and current_setting('restore_command') <> '')
        from pg_control_system()
        """;

    /// <summary>What was seen; a server that does not answer within five seconds is seen as unreachable.</summary>
    public static async Task<BackupSourceCandidate> LookAsync(PostgresServer server, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection(PostgresConnection.ForControl(server));
            await connection.OpenAsync(cancellationToken);
            await using var command = new NpgsqlCommand(Query, connection) { CommandTimeout = 5 };
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            await row.ReadAsync(cancellationToken);
            return new BackupSourceCandidate
            {
                Node = server.Node,
                IsReachable = true,
                SystemId = unchecked((ulong)row.GetInt64(0)),
                IsPrimary = !row.GetBoolean(1),
                LagBytes = row.IsDBNull(2) ? 0 : row.GetInt64(2),
                IsReplayPaused = row.GetBoolean(3),
                IsReceiving = row.GetBoolean(4),
            };
        }
        catch (Exception silent) when (silent is NpgsqlException or TimeoutException)
        {
            return new BackupSourceCandidate { Node = server.Node, IsReachable = false };
        }
    }
}

using System.Collections.Immutable;
using System.Globalization;
using DrMesh.Core.Backups.PostgreSql;
using DrMesh.Contracts.Databases;
using DrMesh.Engines.PostgreSql.Wal;
using Npgsql;

namespace DrMesh.Engines.PostgreSql.Replication;

/// <summary>
/// What a running server says of itself, and the settings an agent changes in it. An order asks several times and a status every second, so a connection is kept in between: a new one
/// costs more than most questions.
/// </summary>
internal sealed class ReplicationServer(string connectionString) : IDisposable
{
    // A server on this machine that does not answer a question that asks nothing is asked over a new connection, which has its own limit.
    private const int GreetSeconds = 1;
    // No order may hold its agent for ever: a commit that nobody acknowledges would, and with it every order that could bring those back who acknowledge.
    private const int LimitSeconds = 8;
    private const string ConfiguredAt = "select pg_conf_load_time()";
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);
    private NpgsqlConnection? _kept;

    /// <summary>Whether it follows; throws when it does not answer.</summary>
    public Task<bool> IsInRecoveryAsync(CancellationToken cancellationToken) =>
        AskAsync(connection => ScalarAsync<bool>(connection, "select pg_is_in_recovery()", cancellationToken), cancellationToken);

    /// <summary>Its whole status, but what only its agent knows.</summary>
    public Task<MemberStatus> ReadAsync(AgentMemory memory, CancellationToken cancellationToken) =>
        AskAsync(connection => ReadAsync(connection, memory, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref _kept, null)?.Dispose();

    private static async Task<MemberStatus> ReadAsync(NpgsqlConnection connection, AgentMemory memory, CancellationToken cancellationToken)
    {
        // The timeline of a standby is that of the last WAL it has: the receiver knows it while it runs, and the names of the segments on disk know it afterwards. What
        // pg_control says comes only with the next restart point, and a standby that told too low a timeline would lose against one that has less.
        const string own = """
            select pg_is_in_recovery(),
              (select system_identifier from pg_control_system()),
              greatest(
                (select timeline_id from pg_control_checkpoint()), (select min_recovery_end_timeline from pg_control_recovery()),
                (select received_tli from pg_stat_wal_receiver),
                (select max(('x' || left(name, 8))::bit(32)::int) from pg_ls_waldir() where name ~ '^[0-9A-F]{24}$')),
              case when pg_is_in_recovery() then greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()) else pg_current_wal_flush_lsn() end::text,
              coalesce(pg_last_wal_replay_lsn(), '0/0')::text,
              (select sender_host || ':' || sender_port from pg_stat_wal_receiver where status = 'streaming'),
              current_setting('synchronous_standby_names'),
              array(select slot_name::text from pg_replication_slots where slot_type = 'physical' order by 1),
              current_setting('wal_level'),
              current_setting('data_checksums') = 'on' or current_setting('wal_log_hints') = 'on'
            """;
        await using var command = new NpgsqlCommand(own, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var standby = reader.GetBoolean(0);
        var status = new MemberStatus
        {
            Role = standby ? MemberRole.Standby : MemberRole.Primary,
            Epoch = memory.Epoch,
            IsFenced = memory.IsFenced,
            SystemId = unchecked((ulong)reader.GetInt64(1)),
            Timeline = new TimelineId((uint)reader.GetInt32(2)),
            Lsn = reader.IsDBNull(3) ? Lsn.None : Lsn.Parse(reader.GetString(3)),
            Replayed = Lsn.Parse(reader.GetString(4)),
            Upstream = reader.IsDBNull(5) ? null : reader.GetString(5),
            SynchronousStandbyNames = reader.GetString(6),
            Slots = [.. reader.GetFieldValue<string[]>(7)],
            WalLevel = reader.GetString(8),
            CanRewind = reader.GetBoolean(9),
        };
        await reader.CloseAsync();
        return status with { Followers = await FollowersAsync(connection, cancellationToken) };
    }

    /// <summary>Sets parameters in <c>postgresql.auto.conf</c> and makes them count.</summary>
    public Task SetAsync(IEnumerable<(string Name, string Value)> settings, CancellationToken cancellationToken) => AskAsync(
        async connection =>
        {
            foreach (var (name, value) in settings)
            {
                await ExecuteAsync(connection, $"alter system set {name} = '{value.Replace("'", "''", StringComparison.Ordinal)}'", cancellationToken);
            }

            return await ScalarAsync<bool>(connection, "select pg_reload_conf()", cancellationToken);
        },
        cancellationToken);

    /// <summary>Whether a standby would follow somebody without what <c>postgresql.auto.conf</c> says. Takes that out and has the configuration read again.</summary>
    /// <exception cref="TimeoutException">It was not read within the limit of a statement.</exception>
    public async Task<bool> FollowsWithoutAutoConfAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        var (begun, before) = (time.GetTimestamp(), await ScalarAsync<DateTime>(connection, ConfiguredAt, cancellationToken));
        await ExecuteAsync(connection, "alter system reset primary_conninfo", cancellationToken);
        await ExecuteAsync(connection, "select pg_reload_conf()", cancellationToken);
        while (await ScalarAsync<DateTime>(connection, ConfiguredAt, cancellationToken) <= before)
        {
            if (time.GetElapsedTime(begun) > TimeSpan.FromSeconds(LimitSeconds))
            {
                throw new TimeoutException($"it has not read its configuration again within {LimitSeconds} s");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), time, cancellationToken);
        }

        return await ScalarAsync<string>(connection, "show primary_conninfo", cancellationToken) is { Length: > 0 };
    }

    /// <summary>The value in force.</summary>
    public Task<string> ShowAsync(string name, CancellationToken cancellationToken) =>
        AskAsync(async connection => await ScalarAsync<string>(connection, $"show {name}", cancellationToken) ?? "", cancellationToken);

    /// <summary>Whether a WAL receiver runs, connected or trying.</summary>
    public Task<bool> HasReceiverAsync(CancellationToken cancellationToken) => AskAsync(
        connection => ScalarAsync<bool>(connection, "select exists (select from pg_stat_activity where backend_type = 'walreceiver')", cancellationToken), cancellationToken);

    /// <summary>
    /// Whether a standby without a receiver knows all the WAL it has: it received since its start, or it has replayed everything on its disk and waits for more. One that has just
    /// been restarted tells less than it has until then.
    /// </summary>
    public async Task<bool> KnowsItsWalAsync(CancellationToken cancellationToken) =>
        await AskAsync(connection => ScalarAsync<bool>(connection, "select pg_last_wal_receive_lsn() is not null", cancellationToken), cancellationToken)
        || await WaitsForWalAsync(cancellationToken);

    /// <summary>Whether a standby has replayed all it could get, and waits to look again.</summary>
    public Task<bool> WaitsForWalAsync(CancellationToken cancellationToken) => AskAsync(
        connection => ScalarAsync<bool>(
            connection,
            "select exists (select from pg_stat_activity where backend_type = 'startup' and wait_event in ('RecoveryRetrieveRetryInterval', 'RecoveryWalStream'))",
            cancellationToken),
        cancellationToken);

    /// <summary>How far a standby has replayed; null: it has replayed nothing since its start.</summary>
    public Task<Lsn?> ReplayedAsync(CancellationToken cancellationToken) => AskAsync(
        async connection => await ScalarAsync<string>(connection, "select coalesce(pg_last_wal_replay_lsn()::text, '')", cancellationToken) is { Length: > 0 } position
            ? Lsn.Parse(position)
            : (Lsn?)null,
        cancellationToken);

    /// <summary>When the last commit it replayed happened, by the clock of the server that made it; null: none was replayed.</summary>
    public Task<DateTimeOffset?> LastReplayedCommitAsync(CancellationToken cancellationToken) => AskAsync(
        async connection =>
        {
            await using var command = new NpgsqlCommand("select pg_last_xact_replay_timestamp()", connection);
            return await command.ExecuteScalarAsync(cancellationToken) is DateTime at ? new DateTimeOffset(at.ToUniversalTime(), TimeSpan.Zero) : (DateTimeOffset?)null;
        },
        cancellationToken);

    /// <summary>Promotes it; returns false when it did not become primary within the time. The server's own waiting looks only ten times a second.</summary>
    public Task<bool> PromoteAsync(TimeSpan patience, TimeProvider time, CancellationToken cancellationToken) => AskAsync(
        async connection =>
        {
            var begun = time.GetTimestamp();
            await ExecuteAsync(connection, "select pg_promote(false)", cancellationToken);
            while (await ScalarAsync<bool>(connection, "select pg_is_in_recovery()", cancellationToken))
            {
                if (time.GetElapsedTime(begun) > patience)
                {
                    return false;
                }

                await Task.Delay(Look, time, cancellationToken);
            }

            return true;
        },
        cancellationToken);

    /// <summary>Writes the epoch into <c>drmesh.epoch</c> and reads it back; the table and its one row are made where they are missing.</summary>
    /// <returns>What the row says afterwards.</returns>
    public async Task<string> WriteEpochAsync(long epoch, bool waits, CancellationToken cancellationToken)
    {
        // One of its own: the session's settings and its notices are this write's.
        await using var connection = await OpenAsync(cancellationToken);
        PostgresNotice? unconfirmed = null;
        connection.Notice += (_, arrived) => unconfirmed = arrived.Notice.Routine == "SyncRepWaitForLSN" ? arrived.Notice : unconfirmed;
        await ExecuteAsync(connection, $"set synchronous_commit = {(waits ? "on" : "local")}", cancellationToken);
        await ExecuteAsync(connection, string.Create(CultureInfo.InvariantCulture, $"""
            do $$ begin
              if to_regclass('drmesh.epoch') is null then
                create schema if not exists drmesh;
                create table drmesh.epoch (only_one boolean primary key default true check (only_one), epoch bigint not null, written_at timestamptz not null);
              end if;
              insert into drmesh.epoch (epoch, written_at) values ({epoch}, clock_timestamp())
                on conflict (only_one) do update set epoch = excluded.epoch, written_at = excluded.written_at where drmesh.epoch.epoch <= excluded.epoch;
            end $$
            """), cancellationToken);
        var found = await ScalarAsync<long>(connection, "select epoch from drmesh.epoch", cancellationToken);
        if (unconfirmed is { } notice)
        {
            throw new OrderRefusedException($"its standbys did not confirm a write: {notice.MessageText}");
        }

        return found == epoch ? $"wrote epoch {epoch}" : throw new OrderRefusedException($"drmesh.epoch says {found}, higher than {epoch}");
    }

    /// <summary>Ends the streams of DrMesh's own archive; a server that does not answer has none.</summary>
    public async Task DismissArchiveAsync(CancellationToken cancellationToken)
    {
        try
        {
            await AskAsync(
                connection => ExecuteAsync(connection, $"select pg_terminate_backend(pid) from pg_stat_replication where application_name = '{WalArchiver.ApplicationName}'", cancellationToken),
                cancellationToken);
        }
        catch (NpgsqlException)
        {
            // It is down already, or hangs; the stop itself tells.
        }
    }

    /// <summary>Drops the archive's slot of the time this server led: nobody reads it any more, and it would keep WAL up to its limit.</summary>
    public Task DropIdleArchiveSlotAsync(CancellationToken cancellationToken) => AskAsync(
        connection => ExecuteAsync(
            connection, $"select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = '{WalArchiveOptions.DefaultSlot}' and not active", cancellationToken),
        cancellationToken);

    /// <summary>A checkpoint.</summary>
    public async Task CheckpointAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await ExecuteAsync(connection, "checkpoint", cancellationToken, limitSeconds: 0);
    }

    private static async Task<ImmutableArray<FollowerStatus>> FollowersAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        const string sql = """
            select application_name, coalesce(flush_lsn, '0/0')::text, coalesce(replay_lsn, '0/0')::text, sync_state, flush_lag
            from pg_stat_replication where state = 'streaming' order by 1
            """;
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var followers = ImmutableArray.CreateBuilder<FollowerStatus>();
        while (await reader.ReadAsync(cancellationToken))
        {
            followers.Add(new FollowerStatus
            {
                Name = reader.GetString(0),
                Flushed = Lsn.Parse(reader.GetString(1)),
                Replayed = Lsn.Parse(reader.GetString(2)),
                SyncState = reader.GetString(3),
                Lag = reader.IsDBNull(4) ? null : reader.GetTimeSpan(4),
            });
        }

        return followers.ToImmutable();
    }

    private static async Task<T?> ScalarAsync<T>(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (T?)await command.ExecuteScalarAsync(cancellationToken);
    }

    private static async Task<int> ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, int limitSeconds = LimitSeconds)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = limitSeconds };
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    // Whoever asks beside another has a connection of its own meanwhile; one of them is kept.
    private async Task<T> AskAsync<T>(Func<NpgsqlConnection, Task<T>> ask, CancellationToken cancellationToken)
    {
        var connection = await KeptAsync(cancellationToken) ?? await OpenAsync(cancellationToken);
        try
        {
            var answer = await ask(connection);
            if (Interlocked.Exchange(ref _kept, connection) is { } other)
            {
                await other.DisposeAsync();
            }

            return answer;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    // Null: there is none, or the server was restarted meanwhile.
    private async Task<NpgsqlConnection?> KeptAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _kept, null) is not { } kept)
        {
            return null;
        }

        try
        {
            await ExecuteAsync(kept, "select", cancellationToken, GreetSeconds);
            return kept;
        }
        catch (Exception failure)
        {
            await kept.DisposeAsync();
            if (failure is NpgsqlException)
            {
                return null;
            }

            throw;
        }
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(connectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}

using System.Globalization;
using DrMesh.Contracts.Databases;
using DrMesh.Core.Backups.PostgreSql;
using Npgsql;

namespace DrMesh.Engines.PostgreSql.Wal;

/// <summary>The slot that keeps WAL on the server until it is archived, and the limit that keeps it from filling the server's disk.</summary>
internal static class ReplicationSlot
{
    /// <summary>Creates the slot if it is missing, replaces one the server gave up, and sets the limit if none is set.</summary>
    /// <returns>The oldest position the server keeps for it, and whether an earlier slot was lost.</returns>
    public static async Task<(Lsn Oldest, string? Loss)> EnsureAsync(NpgsqlConnection connection, WalArchiveOptions options, CancellationToken cancellationToken)
    {
        string? loss = null;
        var state = await ReadAsync(connection, options.Slot, cancellationToken);
        if (state is { Status: "lost" })
        {
            loss = $"the server gave up slot {options.Slot}: more WAL was kept for it than max_slot_wal_keep_size allows";
            await ExecuteAsync(connection, "select pg_drop_replication_slot($1)", options.Slot, cancellationToken);
            state = null;
        }

        if (state is null)
        {
            loss ??= $"slot {options.Slot} was not there";
            await ExecuteAsync(connection, "select pg_create_physical_replication_slot($1, true)", options.Slot, cancellationToken);
            state = await ReadAsync(connection, options.Slot, cancellationToken);
        }

        if (options.SlotLimitMegabytes is { } limit)
        {
            await SetLimitAsync(connection, limit, cancellationToken);
        }

        return (state!.Oldest ?? Lsn.None, loss);
    }

    /// <summary>How the slot stands; null: it is not there.</summary>
    public static async Task<State?> ReadAsync(NpgsqlConnection connection, string slot, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select restart_lsn::text, wal_status, safe_wal_size from pg_replication_slots where slot_name = $1", connection)
        {
            Parameters = { new() { Value = slot } },
        };
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken)
            ? new State(
                await row.IsDBNullAsync(0, cancellationToken) ? null : Lsn.Parse(row.GetString(0)),
                await row.IsDBNullAsync(1, cancellationToken) ? null : row.GetString(1),
                await row.IsDBNullAsync(2, cancellationToken) ? null : row.GetInt64(2))
            : null;
    }

    /// <summary>How far the server's WAL goes: written on a primary, received on a standby.</summary>
    public static async Task<Lsn> ReadWrittenAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        const string sql = "select case when pg_is_in_recovery() then coalesce(pg_last_wal_receive_lsn(), '0/0') else pg_current_wal_flush_lsn() end::text";
        await using var command = new NpgsqlCommand(sql, connection);
        return Lsn.Parse((string)(await command.ExecuteScalarAsync(cancellationToken))!);
    }

    private static async Task SetLimitAsync(NpgsqlConnection connection, int megabytes, CancellationToken cancellationToken)
    {
        await using var ask = new NpgsqlCommand("select setting = '-1' and not pg_is_in_recovery() from pg_settings where name = 'max_slot_wal_keep_size'", connection);
        if (!(bool)(await ask.ExecuteScalarAsync(cancellationToken))!)
        {
            return;
        }

        await using var set = new NpgsqlCommand(string.Create(CultureInfo.InvariantCulture, $"alter system set max_slot_wal_keep_size = '{megabytes}MB'"), connection);
        await set.ExecuteNonQueryAsync(cancellationToken);
        await using var reload = new NpgsqlCommand("select pg_reload_conf()", connection);
        await reload.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, string argument, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = argument } } };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>A row of <c>pg_replication_slots</c>.</summary>
    internal sealed record State(Lsn? Oldest, string? Status, long? SafeBytes);
}

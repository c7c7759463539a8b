using System.Collections.Immutable;
using System.Data;
using DrMesh.Contracts.Audit;
using DrMesh.Core.Audit;
using DrMesh.Grains.ControlStore;
using Npgsql;

namespace DrMesh.Grains.Audit;

/// <summary>The audit trail in the control store. Rows are appended one transaction at a time, in every silo together, and never changed.</summary>
internal sealed class AuditTrail(ControlStoreDatabase store)
{
    // "audit" in bytes: the advisory lock an appender holds until its transaction ends.
    private const long LockKey = 0x61_7564_6974;

    private const string Columns = "sequence, at, operation, actor, action, target, reason, outcome, detail, previous_hash, hash";

    /// <summary>Appends one row; returns the trail's new head.</summary>
    /// <exception cref="DrMesh.Contracts.Errors.DrMeshException">The store cannot be reached or refuses; whether the row is there is then unknown.</exception>
    public Task<AuditPosition> AppendAsync(AuditRecord record, CancellationToken cancellationToken = default) =>
        store.RunAsync((connection, cancel) => AppendAsync(connection, record, cancel), cancellationToken);

    /// <summary>The newest rows that match, newest first.</summary>
    public Task<ImmutableArray<AuditEntry>> ListAsync(AuditQuery query, CancellationToken cancellationToken = default) =>
        store.RunAsync(
            async (connection, cancel) =>
            {
                await using var command = new NpgsqlCommand(
                    $"""
                    select {Columns} from drmesh.audit
                    where (@since::timestamptz is null or at >= @since) and (@actor::text is null or actor = @actor)
                      and (@target::text is null or target = @target) and (@action::text is null or action = @action)
                      and (@before::bigint is null or sequence < @before)
                    order by sequence desc limit @limit
                    """,
                    connection);
                command.Parameters.AddWithValue("since", NpgsqlTypes.NpgsqlDbType.TimestampTz, (object?)query.Since?.ToUniversalTime() ?? DBNull.Value);
                command.Parameters.AddWithValue("actor", NpgsqlTypes.NpgsqlDbType.Text, (object?)query.Actor ?? DBNull.Value);
                command.Parameters.AddWithValue("target", NpgsqlTypes.NpgsqlDbType.Text, (object?)query.Target ?? DBNull.Value);
                command.Parameters.AddWithValue("action", NpgsqlTypes.NpgsqlDbType.Text, (object?)query.Action ?? DBNull.Value);
                command.Parameters.AddWithValue("before", NpgsqlTypes.NpgsqlDbType.Bigint, (object?)query.Before ?? DBNull.Value);
                command.Parameters.AddWithValue("limit", Math.Clamp(query.Limit, 1, AuditQuery.LargestLimit));
                var rows = await ReadAsync(command, cancel);
                return rows.Select(row => row.ToEntry()).ToImmutableArray();
            },
            cancellationToken);

    /// <summary>Rows with a number above <paramref name="after"/>, oldest first, at most <paramref name="limit"/>.</summary>
    public Task<List<AuditRow>> ReadAsync(long after, int limit, CancellationToken cancellationToken = default) =>
        store.RunAsync(
            async (connection, cancel) =>
            {
                await using var command = new NpgsqlCommand(
                    $"select {Columns} from drmesh.audit where sequence > $1 order by sequence limit $2", connection)
                {
                    Parameters = { new() { Value = after }, new() { Value = limit } },
                };
                return await ReadAsync(command, cancel);
            },
            cancellationToken);

    private static async Task<AuditPosition> AppendAsync(NpgsqlConnection connection, AuditRecord record, CancellationToken cancellationToken)
    {
        // Read committed: each statement after the lock was taken sees what the previous holder committed.
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
        var (head, now) = await LockHeadAsync(connection, cancellationToken);
        var row = AuditChain.Append(head, now, record);
        await InsertAsync(connection, row, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new AuditPosition { Sequence = row.Sequence, Hash = Convert.ToHexStringLower(row.Hash.AsSpan()) };
    }

    private static async Task<(AuditPosition Head, DateTimeOffset Now)> LockHeadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand("select pg_advisory_xact_lock($1)") { Parameters = { new() { Value = LockKey } } },
                new NpgsqlBatchCommand("select clock_timestamp()"),
                new NpgsqlBatchCommand("select sequence, hash from drmesh.audit order by sequence desc limit 1"),
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var now = await reader.GetFieldValueAsync<DateTimeOffset>(0, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var head = await reader.ReadAsync(cancellationToken)
            ? new AuditPosition { Sequence = reader.GetInt64(0), Hash = Convert.ToHexStringLower((byte[])reader[1]) }
            : AuditPosition.Begin;
        return (head, now);
    }

    private static async Task InsertAsync(NpgsqlConnection connection, AuditRow row, CancellationToken cancellationToken)
    {
        await using var insert = new NpgsqlCommand($"insert into drmesh.audit ({Columns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)", connection);
        object[] values =
        [
            row.Sequence, row.At, row.Record.Operation, row.Record.Actor, row.Record.Action, row.Record.Target, row.Record.Reason,
            row.Record.Outcome.ToString(), row.Record.Detail, row.PreviousHash.ToArray(), row.Hash.ToArray(),
        ];
        foreach (var value in values)
        {
            insert.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        await insert.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<List<AuditRow>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<AuditRow> rows = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(new AuditRow
            {
                Sequence = reader.GetInt64(0),
                At = reader.GetFieldValue<DateTimeOffset>(1),
                Record = new AuditRecord
                {
                    Operation = reader.GetGuid(2),
                    Actor = reader.GetString(3),
                    Action = reader.GetString(4),
                    Target = reader.GetString(5),
                    Reason = reader.GetString(6),
                    Outcome = Enum.Parse<AuditOutcome>(reader.GetString(7)),
                    Detail = reader.GetString(8),
                },
                PreviousHash = [.. (byte[])reader[9]],
                Hash = [.. (byte[])reader[10]],
            });
        }

        return rows;
    }
}

using System.Text.Json;
using DrMesh.Contracts.Backups;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.Catalogue;
using DrMesh.Grains.ControlStore;
using Npgsql;
using NpgsqlTypes;

namespace DrMesh.Grains.Backups.Catalogue;

/// <summary>The catalogue in the control store (<c>drmesh.backup</c>).</summary>
internal sealed class PostgresBackupCatalogue(ControlStoreDatabase store) : IBackupCatalogue
{
    private const string Columns = "source, backup, engine, parent, started_at, completed_at, logical_bytes, stored_bytes, file_count, labels, facts, warnings, tiers";

    public Task RecordAsync(IReadOnlyCollection<BackupSummary> backups, CancellationToken cancellationToken) => store.RunAsync(
        async (connection, cancel) =>
        {
            await using var transaction = await connection.BeginTransactionAsync(cancel);
            foreach (var backup in InOrder(backups))
            {
                await WriteAsync(connection, backup, cancel);
            }

            await transaction.CommitAsync(cancel);
            return true;
        },
        cancellationToken);

    public Task ForgetAsync(string source, IReadOnlyCollection<BackupId> backups, CancellationToken cancellationToken) => store.ExecuteAsync(
        "delete from drmesh.backup where source = $1 and backup = any($2)",
        [new NpgsqlParameter { Value = source }, new NpgsqlParameter { Value = backups.Select(backup => backup.Value).ToArray() }],
        cancellationToken);

    public Task<IReadOnlyList<BackupSummary>> ListAsync(CatalogueQuery query, CancellationToken cancellationToken) => store.RunAsync<IReadOnlyList<BackupSummary>>(
        async (connection, cancel) =>
        {
            await using var command = new NpgsqlCommand(
                $"""
                 select {Columns} from drmesh.backup
                 where ($1::text is null or source = $1) and ($2::text is null or engine = $2) and ($3::timestamptz is null or completed_at >= $3) and labels @> $4
                 order by completed_at desc, backup limit $5
                 """,
                connection)
            {
                Parameters =
                {
                    Text(query.Source), Text(query.Engine),
                    new() { Value = query.Since?.ToUniversalTime() ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz },
                    Json(query.Labels), new() { Value = query.Limit },
                },
            };
            await using var reader = await command.ExecuteReaderAsync(cancel);
            var rows = new List<BackupSummary>();
            while (await reader.ReadAsync(cancel))
            {
                rows.Add(Read(reader));
            }

            return rows;
        },
        cancellationToken);

    public Task<DateTimeOffset> MarkAsync(CancellationToken cancellationToken) => store.RunAsync(
        async (connection, cancel) =>
        {
            await using var command = new NpgsqlCommand("select clock_timestamp()", connection);
            return new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(cancel))!);
        },
        cancellationToken);

    public Task<CatalogueChange> ReplaceAsync(IReadOnlyCollection<BackupSummary> found, IReadOnlyCollection<string> unread, DateTimeOffset mark, CancellationToken cancellationToken) =>
        store.RunAsync(
            async (connection, cancel) =>
            {
                await using var transaction = await connection.BeginTransactionAsync(cancel);
                var added = 0;
                foreach (var backup in InOrder(found))
                {
                    added += await WriteAsync(connection, backup, cancel) ? 1 : 0;
                }

                await using var delete = new NpgsqlCommand(
                    """
                    delete from drmesh.backup known
                    where recorded_at < $1 and not tiers && $2
                      and not exists (select from unnest($3::text[], $4::text[]) found (source, backup) where found.source = known.source and found.backup = known.backup)
                    """,
                    connection)
                {
                    Parameters =
                    {
                        new() { Value = mark.ToUniversalTime() }, new() { Value = unread.ToArray() },
                        new() { Value = found.Select(backup => backup.Source).ToArray() }, new() { Value = found.Select(backup => backup.Id.Value).ToArray() },
                    },
                };
                var removed = await delete.ExecuteNonQueryAsync(cancel);
                await transaction.CommitAsync(cancel);
                return new CatalogueChange(added, removed);
            },
            cancellationToken);

    // Two that write the same rows take them in the same order, and wait for each other instead of for ever.
    private static IEnumerable<BackupSummary> InOrder(IEnumerable<BackupSummary> backups) =>
        backups.OrderBy(backup => backup.Source, StringComparer.Ordinal).ThenBy(backup => backup.Id.Value, StringComparer.Ordinal);

    // Whether the row was not there before: only an inserted row has no transaction that replaced it.
    private static async Task<bool> WriteAsync(NpgsqlConnection connection, BackupSummary backup, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"""
             insert into drmesh.backup ({Columns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
             on conflict (source, backup) do update
             set engine = $3, parent = $4, started_at = $5, completed_at = $6, logical_bytes = $7, stored_bytes = $8, file_count = $9, labels = $10, facts = $11, warnings = $12, tiers = $13,
                 recorded_at = clock_timestamp()
             returning xmax = 0
             """,
            connection)
        {
            Parameters =
            {
                Text(backup.Source), Text(backup.Id.Value), Text(backup.Engine), Text(backup.Parent?.Value),
                new() { Value = backup.StartedAt.ToUniversalTime() }, new() { Value = backup.CompletedAt.ToUniversalTime() },
                new() { Value = backup.LogicalBytes }, new() { Value = backup.StoredBytes }, new() { Value = backup.FileCount },
                Json(backup.Labels), Json(backup.Facts), new() { Value = backup.Warnings.ToArray() }, new() { Value = backup.Tiers.ToArray() },
            },
        };
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static BackupSummary Read(NpgsqlDataReader reader) => new()
    {
        Source = reader.GetString(0),
        Id = new BackupId(reader.GetString(1)),
        Engine = reader.GetString(2),
        Parent = reader.IsDBNull(3) ? null : new BackupId(reader.GetString(3)),
        StartedAt = reader.GetFieldValue<DateTimeOffset>(4),
        CompletedAt = reader.GetFieldValue<DateTimeOffset>(5),
        LogicalBytes = reader.GetInt64(6),
        StoredBytes = reader.GetInt64(7),
        FileCount = reader.GetInt64(8),
        Labels = JsonSerializer.Deserialize<Dictionary<string, string>>(reader.GetString(9))!,
        Facts = JsonSerializer.Deserialize<Dictionary<string, string>>(reader.GetString(10))!,
        Roots = [],
        Warnings = reader.GetFieldValue<string[]>(11),
        Tiers = reader.GetFieldValue<string[]>(12),
    };

    private static NpgsqlParameter Text(string? value) => new() { Value = value ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter Json(IReadOnlyDictionary<string, string> values) => new() { Value = JsonSerializer.Serialize(values), NpgsqlDbType = NpgsqlDbType.Jsonb };
}

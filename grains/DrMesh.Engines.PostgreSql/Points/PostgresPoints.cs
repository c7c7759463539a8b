using System.Globalization;
using DrMesh.Contracts.Databases;
using DrMesh.Core.Backups.Unified;
using DrMesh.Core.Databases.PostgreSql;
using DrMesh.Engines.PostgreSql.Hosting;
using Npgsql;

namespace DrMesh.Engines.PostgreSql.Points;

/// <summary>Consistency points of PostgreSQL.</summary>
internal sealed class PostgresPoints(TimeProvider time) : IPostgresPoints
{
    /// <summary>The markers' table, which a fence must leave open.</summary>
    public const string Table = "drmesh.consistency_point";

    private const string Create = $"""
        create schema if not exists drmesh;
        create table if not exists {Table} (
          id text primary key, transaction_id bigint not null, position pg_lsn, taken_at timestamptz not null default clock_timestamp());
        delete from {Table} where taken_at < clock_timestamp() - interval '90 days'
        """;

    // The name's record follows the row's commit; the update's own commit then brings both to disk, and to the standbys a commit waits for.
    private const string Mark = $"insert into {Table} (id, transaction_id) values ($1, pg_current_xact_id()::text::bigint) returning transaction_id";
    private const string Name = "select pg_create_restore_point($1)::text, substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8)";
    private const string Flush = $"update {Table} set position = $2::text::pg_lsn where id = $1";

    public Task PrepareAsync(PostgresServer primary, CancellationToken cancellationToken) => OnAsync(
        "the table of consistency points was made", primary, async connection =>
        {
            await using var create = new NpgsqlCommand(Create, connection);
            return await create.ExecuteNonQueryAsync(cancellationToken);
        }, cancellationToken);

    public async Task<IAsyncDisposable> HoldAsync(PostgresServer primary, TimeSpan limit, CancellationToken cancellationToken) =>
        await WriteHold.TakeAsync(primary, limit, time, cancellationToken);

    public Task<PostgresPoint> MarkAsync(PostgresServer primary, string point, CancellationToken cancellationToken) => OnAsync(
        "a consistency point was written", primary, async connection =>
        {
            await using var synchronous = new NpgsqlCommand("set synchronous_commit = on", connection);
            await synchronous.ExecuteNonQueryAsync(cancellationToken);
            await using var mark = new NpgsqlCommand(Mark, connection) { Parameters = { new() { Value = point } } };
            var transaction = (long)(await mark.ExecuteScalarAsync(cancellationToken))!;
            await using var name = new NpgsqlCommand(Name, connection) { Parameters = { new() { Value = point } } };
            string position;
            uint timeline;
            await using (var row = await name.ExecuteReaderAsync(cancellationToken))
            {
                await row.ReadAsync(cancellationToken);
                position = row.GetString(0);
                timeline = uint.Parse(row.GetString(1), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            }

            await using var flush = new NpgsqlCommand(Flush, connection) { Parameters = { new() { Value = point }, new() { Value = position } } };
            await flush.ExecuteNonQueryAsync(cancellationToken);
            return new PostgresPoint(point, Lsn.Parse(position), new TimelineId(timeline), (ulong)transaction);
        }, cancellationToken);

    public Task<bool> HasAsync(PostgresServer server, string point, CancellationToken cancellationToken) => OnAsync(
        "the marker was looked for", server, async connection =>
        {
            await using var look = new NpgsqlCommand($"select exists (select from {Table} where id = $1)", connection) { Parameters = { new() { Value = point } } };
            return (bool)(await look.ExecuteScalarAsync(cancellationToken))!;
        }, cancellationToken);

    private static async Task<T> OnAsync<T>(string doing, PostgresServer primary, Func<NpgsqlConnection, Task<T>> action, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection(PostgresConnection.ForControl(primary));
            await connection.OpenAsync(cancellationToken);
            return await action(connection);
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException)
        {
            throw PostgresErrors.During(doing, primary.Node.ToString(), failure);
        }
    }
}

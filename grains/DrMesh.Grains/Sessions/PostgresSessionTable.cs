using DrMesh.Contracts.Sessions;
using DrMesh.Core.Sessions;
using DrMesh.Grains.ControlStore;
using Npgsql;

namespace DrMesh.Grains.Sessions;

/// <summary>The session table in the control store (<c>drmesh.session</c>).</summary>
internal sealed class PostgresSessionTable(ControlStoreDatabase store) : ISessionTable
{
    private const string Columns = "session_id, subject, title, status, phase, started_by, started_at, ended_at, outcome";

    public Task<SessionId> ClaimAsync(SessionEntry entry, string silo, CancellationToken cancellationToken) =>
        store.RunAsync(
            async (connection, cancel) =>
            {
                // The insert meets the unique index; the select then sees the row that won, which may end between the two: hence the loop.
                while (true)
                {
                    await using var insert = Command(
                        connection,
                        $"""
                         insert into drmesh.session ({Columns}, kind, silo)
                         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
                         on conflict do nothing
                         """,
                        Values(entry, silo));
                    if (await insert.ExecuteNonQueryAsync(cancel) == 1)
                    {
                        return entry.Id;
                    }

                    await using var holder = Command(
                        connection,
                        """
                        select session_id from drmesh.session
                        where session_id = $1 or (kind = $2 and subject = $3 and ended_at is null)
                        order by session_id = $1 desc limit 1
                        """,
                        [Text(entry.Id.Value), Text(entry.Id.Kind), Text(entry.Subject)]);
                    if (await holder.ExecuteScalarAsync(cancel) is string found)
                    {
                        return new SessionId(found);
                    }
                }
            },
            cancellationToken);

    public Task UpdateAsync(SessionEntry entry, string silo, CancellationToken cancellationToken) =>
        store.ExecuteAsync(
            $"""
             insert into drmesh.session ({Columns}, kind, silo)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
             on conflict (session_id) do update
             set title = $3, status = $4, phase = $5, ended_at = $8, outcome = $9, silo = $11, heartbeat_at = clock_timestamp()
             where session.ended_at is null
             """,
            Values(entry, silo),
            cancellationToken);

    public Task BeatAsync(IReadOnlyCollection<SessionId> sessions, string silo, CancellationToken cancellationToken) =>
        store.ExecuteAsync(
            "update drmesh.session set silo = $2, heartbeat_at = clock_timestamp() where session_id = any($1) and ended_at is null",
            [Texts(sessions.Select(session => session.Value)), Text(silo)],
            cancellationToken);

    public Task LetGoAsync(SessionId session, string silo, CancellationToken cancellationToken) =>
        store.ExecuteAsync(
            "update drmesh.session set heartbeat_at = null where session_id = $1 and silo = $2 and ended_at is null",
            [Text(session.Value), Text(silo)],
            cancellationToken);

    public Task ForgetAsync(SessionId session, CancellationToken cancellationToken) =>
        store.ExecuteAsync("delete from drmesh.session where session_id = $1", [Text(session.Value)], cancellationToken);

    public Task<IReadOnlyList<SessionId>> FindStaleAsync(TimeSpan age, IReadOnlyCollection<string> livingSilos, CancellationToken cancellationToken) =>
        ReadAsync(
            """
            select session_id from drmesh.session
            where ended_at is null and (heartbeat_at is null or heartbeat_at < clock_timestamp() - $1 or silo <> all($2))
            order by heartbeat_at nulls first
            """,
            [new NpgsqlParameter { Value = age }, Texts(livingSilos)],
            static reader => new SessionId(reader.GetString(0)),
            cancellationToken);

    public Task<IReadOnlyList<SessionEntry>> ListAsync(SessionFilter filter, CancellationToken cancellationToken) =>
        ReadAsync(
            $"""
             select {Columns} from drmesh.session
             where ($1::text is null or kind = $1) and ($2::text is null or subject = $2) and (not $3 or ended_at is null)
               and ($4::timestamptz is null or started_at >= $4)
             order by started_at desc limit $5
             """,
            [
                Text(filter.Kind), Text(filter.Subject), new NpgsqlParameter { Value = filter.UnfinishedOnly },
                Time(filter.Since), new NpgsqlParameter { Value = filter.Limit },
            ],
            static reader => new SessionEntry
            {
                Id = new SessionId(reader.GetString(0)),
                Subject = reader.GetString(1),
                Title = reader.GetString(2),
                Status = Enum.Parse<SessionStatus>(reader.GetString(3)),
                Phase = reader.GetString(4),
                StartedBy = reader.GetString(5),
                StartedAt = reader.GetFieldValue<DateTimeOffset>(6),
                EndedAt = reader.IsDBNull(7) ? null : reader.GetFieldValue<DateTimeOffset>(7),
                Outcome = reader.IsDBNull(8) ? null : reader.GetString(8),
            },
            cancellationToken);

    private static NpgsqlParameter[] Values(SessionEntry entry, string silo) =>
    [
        Text(entry.Id.Value), Text(entry.Subject), Text(entry.Title), Text(entry.Status.ToString()), Text(entry.Phase), Text(entry.StartedBy),
        Time(entry.StartedAt), Time(entry.EndedAt), Text(entry.Outcome), Text(entry.Id.Kind), Text(silo),
    ];

    private static NpgsqlParameter Text(string? value) => new() { Value = value ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text };

    private static NpgsqlParameter Texts(IEnumerable<string> values) => new() { Value = values.ToArray() };

    private static NpgsqlParameter Time(DateTimeOffset? value) =>
        new() { Value = value?.ToUniversalTime() ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.TimestampTz };

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, IEnumerable<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(parameters.ToArray());
        return command;
    }

    private Task<IReadOnlyList<T>> ReadAsync<T>(
        string sql, NpgsqlParameter[] parameters, Func<NpgsqlDataReader, T> row, CancellationToken cancellationToken) =>
        store.RunAsync<IReadOnlyList<T>>(
            async (connection, cancel) =>
            {
                await using var command = Command(connection, sql, parameters.Select(parameter => parameter.Clone()));
                await using var reader = await command.ExecuteReaderAsync(cancel);
                var rows = new List<T>();
                while (await reader.ReadAsync(cancel))
                {
                    rows.Add(row(reader));
                }

                return rows;
            },
            cancellationToken);
}

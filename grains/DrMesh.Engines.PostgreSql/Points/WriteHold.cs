using DrMesh.Contracts.Errors;
using DrMesh.Core.Databases.PostgreSql;
using DrMesh.Engines.PostgreSql.Hosting;
using Npgsql;

namespace DrMesh.Engines.PostgreSql.Points;

/// <summary>
/// The writes of a whole cluster held by SHARE locks, one connection a database. SHARE conflicts with the lock every INSERT, UPDATE and DELETE takes and holds to its commit, so a lock granted means
/// that whoever wrote has ended and nobody writes; reads go on. Making the server read-only by <c>default_transaction_read_only</c> holds nobody: a session may set it back.
/// Source: the manual's "Explicit Locking".
/// </summary>
internal sealed class WriteHold : IAsyncDisposable
{
    // Less than deadlock_timeout's default of 1 s: a try that waits for a writer which waits for it ends before the server picks one of the two to die.
    private static readonly TimeSpan Try = TimeSpan.FromMilliseconds(600);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(30);

    // The catalogue keeps tables from being made, large objects are rows of theirs. Markers must be written inside the hold.
    private const string Tables = $"""
        select 'pg_catalog.pg_class' union all select 'pg_catalog.pg_largeobject'
        union all
        select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p') and c.relpersistence <> 't' and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
          and n.nspname || '.' || c.relname <> '{PostgresPoints.Table}'
        """;

    private const string Databases = "select datname from pg_database where datallowconn and not datistemplate order by datname";

    // A vacuum holds a lock that conflicts, for as long as it takes; the server itself would cancel it only after deadlock_timeout. It starts again by itself.
    private const string EndVacuums = "select pg_cancel_backend(pid) from pg_stat_activity where backend_type = 'autovacuum worker' and datname = current_database()";

    private const string Writers = """
        select count(*), coalesce(min(format('pid %s (%s) open since %s', pid, application_name, xact_start)), '')
        from pg_stat_activity where backend_xid is not null and pid <> pg_backend_pid()
        """;

    private readonly List<NpgsqlConnection> _connections = [];

    private WriteHold()
    {
    }

    /// <summary>Takes it.</summary>
    public static async Task<WriteHold> TakeAsync(PostgresServer primary, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        var hold = new WriteHold();
        var began = time.GetTimestamp();
        try
        {
            foreach (var database in await hold.OpenAllAsync(primary, cancellationToken))
            {
                while (!await TryLockAsync(database, cancellationToken))
                {
                    if (time.GetElapsedTime(began) >= limit)
                    {
                        throw await NotHeldAsync(primary, database, limit, cancellationToken);
                    }

                    // Whoever waits for us, and whom we wait for, goes on meanwhile.
                    await Task.Delay(Pause, time, cancellationToken);
                }
            }

            return hold;
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException)
        {
            await hold.DisposeAsync();
            throw PostgresErrors.During("its writes were being held", primary.Node.ToString(), failure);
        }
        catch
        {
            await hold.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets writes go on: the locks end with their connections.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections)
        {
            await connection.DisposeAsync();
        }
    }

    private async Task<IReadOnlyList<NpgsqlConnection>> OpenAllAsync(PostgresServer primary, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        await using (var connection = new NpgsqlConnection(PostgresConnection.ForControl(primary)))
        {
            await connection.OpenAsync(cancellationToken);
            await using var command = new NpgsqlCommand(Databases, connection);
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
            {
                names.Add(rows.GetString(0));
            }
        }

        foreach (var name in names)
        {
            var connection = new NpgsqlConnection(PostgresConnection.ForControl(primary with { Database = name }));
            _connections.Add(connection);
            await connection.OpenAsync(cancellationToken);
        }

        return _connections;
    }

    private static async Task<bool> TryLockAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await RunAsync(connection, EndVacuums, cancellationToken);
        var tables = new List<string>();
        await using (var list = new NpgsqlCommand(Tables, connection))
        await using (var rows = await list.ExecuteReaderAsync(cancellationToken))
        {
            while (await rows.ReadAsync(cancellationToken))
            {
                tables.Add(rows.GetString(0));
            }
        }

        await RunAsync(connection, $"begin; set local statement_timeout = {(int)Try.TotalMilliseconds}", cancellationToken);
        try
        {
            // The catalogue comes first: a table made after the list was read would be seen then, or is not there.
            await RunAsync(connection, $"lock table {string.Join(", ", tables)} in share mode", cancellationToken);
            await RunAsync(connection, "set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0", cancellationToken);
            return true;
        }
        catch (PostgresException busy) when (busy.SqlState is PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.UndefinedTable)
        {
            await RunAsync(connection, "rollback", cancellationToken);
            return false;
        }
    }

    private static async Task<DrMeshException> NotHeldAsync(PostgresServer primary, NpgsqlConnection connection, TimeSpan limit, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Writers, connection);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return new DrMeshException(
            DrMeshError.FenceNotHeld,
            $"the writes of {primary.Node} database {connection.Database} could not be held within {limit.TotalSeconds:0.###} s: {row.GetInt64(0)} transactions with writes stayed open; {row.GetString(1)}",
            "end long transactions, raise consistency.fenceLimit, or use consistency.mode: marker");
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

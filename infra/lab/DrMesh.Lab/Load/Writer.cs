using System.Collections.Concurrent;
using Npgsql;

namespace DrMesh.Lab.Load;

/// <summary>
/// A client as a careful application is one: it finds the database by the service's name at each connect, writes one numbered row after another with short time limits, and
/// counts a row as written only when the server said so without a reservation.
/// </summary>
internal sealed class Writer(int number, Func<CancellationToken, Task<string?>> find, Func<string, string> connectionTo, TimeProvider time)
{
    /// <summary>The rows' table.</summary>
    public const string Table = "lab_row";

    private const string Insert = $"""
        insert into {Table} (writer, number) values ($1, $2)
        returning host(inet_server_addr()), ('x' || substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8))::bit(32)::bigint
        """;

    private readonly ConcurrentQueue<RowWrite> _log = [];
    private long _next;
    private string? _address;
    private long _lastAcknowledged = long.MinValue;
    private int _acknowledged;

    /// <summary>Everything it tried, in order.</summary>
    public IReadOnlyCollection<RowWrite> Log => _log;

    /// <summary>Told of each row once its outcome is known, on the writer's own thread.</summary>
    public Action<RowWrite> OnRow { get; init; } = _ => { };

    /// <summary>How long it waits before it connects again.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>How many rows are acknowledged.</summary>
    public int Acknowledged => Volatile.Read(ref _acknowledged);

    /// <summary>When the last acknowledged row was sent, on the monotonic clock.</summary>
    public long LastAcknowledged => Volatile.Read(ref _lastAcknowledged);

    /// <summary>Creates the table on a primary; before the first writer starts.</summary>
    public static async Task CreateTableAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        await using var create = new NpgsqlCommand(
            $"create table if not exists {Table} (writer int, number bigint, at timestamptz not null default clock_timestamp(), primary key (writer, number))", connection);
        await create.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Writes until cancelled; <paramref name="pace"/> lies between two rows of one connection.</summary>
    public async Task RunAsync(TimeSpan pace, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await WriteOnOneConnectionAsync(pace, cancellationToken);
            }
            catch (Exception failure) when (failure is NpgsqlException or TimeoutException or OperationCanceledException)
            {
                // The database is away or no longer primary: it is looked up again.
            }

            await Task.Delay(Pause, time, CancellationToken.None);
        }
    }

    private async Task WriteOnOneConnectionAsync(TimeSpan pace, CancellationToken cancellationToken)
    {
        // While no name server answers, the last answer serves, as it does with a resolver that keeps stale ones (RFC 8767).
        _address = await find(cancellationToken) ?? _address;
        if (_address is not { } address)
        {
            return;
        }

        // Npgsql's limits are whole seconds; a broken-off wait is not waited for.
        var settings = new NpgsqlConnectionStringBuilder(connectionTo(address)) { Pooling = false, Timeout = 1, CommandTimeout = 1, CancellationTimeout = -1 };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        string? reservation = null;
        connection.Notice += (_, notice) => reservation = notice.Notice.MessageText;
        await connection.OpenAsync(cancellationToken);
        while (!cancellationToken.IsCancellationRequested)
        {
            reservation = null;
            await WriteRowAsync(connection, () => reservation);
            if (pace > TimeSpan.Zero)
            {
                await Task.Delay(pace, time, cancellationToken);
            }
        }
    }

    private async Task WriteRowAsync(NpgsqlConnection connection, Func<string?> reservation)
    {
        var row = new RowWrite { Writer = number, Number = ++_next, IntendedAt = time.GetTimestamp() };
        try
        {
            await using var insert = new NpgsqlCommand(Insert, connection) { Parameters = { new() { Value = row.Writer }, new() { Value = row.Number } } };
            await using var result = await insert.ExecuteReaderAsync();
            await result.ReadAsync();
            var (server, timeline) = (result.GetString(0), result.GetInt64(1));
            // The commit is answered after the row: with nothing more to read it is done.
            await result.CloseAsync();
            var acknowledged = time.GetTimestamp();
            // PostgreSQL answers a commit whose wait for standbys was cancelled with success and a warning. Source: the manual's "Synchronous Replication".
            if (reservation() is { } warning)
            {
                Note(row with { Server = server, Timeline = timeline, Failure = warning });
                return;
            }

            Note(row with { Server = server, Timeline = timeline, AcknowledgedAt = acknowledged });
            Volatile.Write(ref _lastAcknowledged, row.IntendedAt);
            Interlocked.Increment(ref _acknowledged);
        }
        catch (Exception failure)
        {
            Note(row with { Failure = failure.Message });
            throw;
        }
    }

    private void Note(RowWrite row)
    {
        _log.Enqueue(row);
        OnRow(row);
    }
}

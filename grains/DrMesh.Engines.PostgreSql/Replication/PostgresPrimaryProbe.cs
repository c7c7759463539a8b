using DrMesh.Core.Databases.PostgreSql;
using DrMesh.Core.Recovery;
using DrMesh.Engines.PostgreSql.Hosting;
using Npgsql;

namespace DrMesh.Engines.PostgreSql.Replication;

/// <summary>Asks a server over one connection, made again after each failure.</summary>
internal sealed class PostgresPrimaryProbe(PostgresServer server) : IPrimaryProbe
{
    private NpgsqlConnection? _connection;

    public async Task<string?> AskAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        either.CancelAfter(limit);
        try
        {
            if (_connection is null)
            {
                _connection = new NpgsqlConnection(PostgresConnection.ForControl(server));
                await _connection.OpenAsync(either.Token);
            }

            await using var command = new NpgsqlCommand("select pg_is_in_recovery()", _connection) { CommandTimeout = 0 };
            // A cancel that is sent over the network to a server that is gone would wait for it: the answer is abandoned instead.
            var answer = await command.ExecuteScalarAsync(either.Token).WaitAsync(either.Token);
            return answer is false ? null : $"{server.Host}:{server.Port} is a standby";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Forget();
            return $"{server.Host}:{server.Port} did not answer a query within {limit.TotalSeconds:0.##} s";
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Forget();
            return $"{server.Host}:{server.Port}: {failure.InnerException?.Message ?? failure.Message}";
        }
    }

    public ValueTask DisposeAsync()
    {
        Forget();
        return ValueTask.CompletedTask;
    }

    private void Forget()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            // Closing says goodbye to the server, which may be out of reach; nobody waits for that.
            _ = Task.Run(async () => await connection.DisposeAsync(), CancellationToken.None);
        }
    }
}

/// <summary>Makes probes.</summary>
internal sealed class PostgresPrimaryProbeFactory : IPrimaryProbeFactory
{
    public IPrimaryProbe Create(PostgresServer server) => new PostgresPrimaryProbe(server);
}

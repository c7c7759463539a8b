using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace DrMesh.Grains.ControlStore;

/// <summary>DrMesh's own connections to the control store's primary, beside those of Orleans' providers.</summary>
internal sealed partial class ControlStoreDatabase : IAsyncDisposable
{
    private readonly ControlStoreOptions _options;
    private readonly ILogger<ControlStoreDatabase> _logger;

    public ControlStoreDatabase(IOptions<ControlStoreOptions> options, ILogger<ControlStoreDatabase> logger)
    {
        _options = options.Value;
        _logger = logger;
        Primary = new ControlStorePrimary(_options);
    }

    /// <summary>Connections to the primary, for Orleans' providers. Prefer <see cref="RunAsync{T}"/>, which reports errors as DrMesh's own.</summary>
    public ControlStorePrimary Primary { get; }

    /// <summary>The options it was made with.</summary>
    public ControlStoreOptions Options => _options;

    /// <summary>
    /// Runs <paramref name="work"/> on a connection to the primary. A server that meanwhile became a standby refuses the write; then every
    /// pooled connection is dropped and the work runs once more, on the new primary. So the work is one statement or one transaction.
    /// </summary>
    /// <exception cref="DrMesh.Contracts.Errors.DrMeshException">The store cannot be reached or refuses the login.</exception>
    public async Task<T> RunAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> work, CancellationToken cancellationToken = default)
    {
        try
        {
            try
            {
                return await RunOnceAsync(work, cancellationToken);
            }
            catch (PostgresException refused) when (ControlStoreErrors.IsReadOnly(refused))
            {
                ClearPools();
                return await RunOnceAsync(work, cancellationToken);
            }
        }
        catch (Exception failure) when (ControlStoreErrors.Translate(failure, _options) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>Runs one statement without a result; returns the number of rows it touched.</summary>
    public Task<int> ExecuteAsync(string sql, IReadOnlyList<NpgsqlParameter> parameters, CancellationToken cancellationToken = default) =>
        RunAsync(
            async (connection, cancel) =>
            {
                await using var command = new NpgsqlCommand(sql, connection);
                foreach (var parameter in parameters)
                {
                    // A parameter belongs to one command at a time; the work may run twice.
                    command.Parameters.Add(parameter.Clone());
                }

                return await command.ExecuteNonQueryAsync(cancel);
            },
            cancellationToken);

    /// <summary>Drops every idle connection, those Orleans' providers use, too; they may lead to a former primary.</summary>
    public void ClearPools()
    {
        LogClearing(_options.Describe());
        Primary.Clear();
    }

    public ValueTask DisposeAsync() => Primary.DisposeAsync();

    private async Task<T> RunOnceAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        var (connection, moved) = await Primary.OpenAsync(cancellationToken);
        await using var _ = connection;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, moved);
        PostgresNotice? cancelledCommit = null;
        void Look(object sender, NpgsqlNoticeEventArgs arrived)
        {
            // A warning from the routine where a commit waits for its standbys: somebody cancelled the wait, and the command succeeds.
            if (arrived.Notice.Routine == "SyncRepWaitForLSN")
            {
                cancelledCommit = arrived.Notice;
            }
        }

        connection.Notice += Look;
        try
        {
            var result = await work(connection, either.Token);
            return cancelledCommit is null ? result : throw ControlStoreErrors.Unconfirmed(cancelledCommit, _options);
        }
        catch (OperationCanceledException ended) when (moved.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new NpgsqlException("another host became the primary while the statement waited for this one", ended);
        }
        finally
        {
            connection.Notice -= Look;
        }
    }

    [LoggerMessage(LogLevel.Warning, "A server of control store {Store} is no primary any more: the connection pools are cleared")]
    private partial void LogClearing(string store);
}

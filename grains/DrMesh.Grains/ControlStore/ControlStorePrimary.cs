using System.Data.Common;
using System.Net.Sockets;
using Npgsql;

namespace DrMesh.Grains.ControlStore;

/// <summary>
/// Connections to the control store's primary, whichever of its hosts that is; Orleans' providers are given this, too. Npgsql itself asks several hosts one after another, and again
/// once what it knows of one is older than its recheck time: with a host first whose region is cut off, statements would wait for it time and again. Here all hosts are asked at once,
/// and only when the one that was the primary fails or turns out to be none.
/// </summary>
internal sealed class ControlStorePrimary : DbDataSource
{
    private const int AskSeconds = 3;
    private readonly Lock _gate = new();
    private readonly Host[] _hosts;
    private volatile Found? _found;
    private Found? _last;
    private Task<Found>? _finding;

    public ControlStorePrimary(ControlStoreOptions options)
    {
        ConnectionString = options.BuildConnectionString();
        _hosts = [.. options.BuildHostStrings().Select(host => new Host(host))];
        // With one host there is no choice to make: a host that failed is simply tried again.
        _found = _hosts is [var only] ? new Found(only) : null;
    }

    /// <inheritdoc/>
    public override string ConnectionString { get; }

    /// <summary>
    /// Opens a connection to the primary, and tells what is cancelled once another host was found to be it: a statement that waits for a host which vanished without a word would
    /// else wait its whole time.
    /// </summary>
    /// <exception cref="NpgsqlException">No host is a primary that answers.</exception>
    public async ValueTask<(NpgsqlConnection Connection, CancellationToken Moved)> OpenAsync(CancellationToken cancellationToken)
    {
        var found = _found ?? await FindAsync(cancellationToken);
        try
        {
            return await OpenAsync(found, cancellationToken);
        }
        catch (Exception failure) when (_hosts.Length > 1 && !cancellationToken.IsCancellationRequested && (ControlStoreErrors.IsUnreachable(failure) || failure is OperationCanceledException))
        {
            Forget(found);
            return await OpenAsync(await FindAsync(cancellationToken), cancellationToken);
        }
    }

    /// <summary>The pool of the host that is the primary now; every host is asked.</summary>
    /// <exception cref="NpgsqlException">No host is a primary that answers.</exception>
    public async Task<NpgsqlDataSource> LookAgainAsync(CancellationToken cancellationToken) => (await FindAsync(cancellationToken)).Host.Pool;

    /// <summary>Opens a connection outside the pool to the host that is the primary now; every host is asked.</summary>
    /// <exception cref="NpgsqlException">No host is a primary that answers.</exception>
    public async Task<NpgsqlConnection> OpenApartAsync(CancellationToken cancellationToken) => await (await FindAsync(cancellationToken)).Host.OpenApartAsync(cancellationToken);

    /// <summary>Drops every idle connection, and looks again which host is the primary before the next.</summary>
    public void Clear()
    {
        if (_found is { } found && _hosts.Length > 1)
        {
            Forget(found);
        }

        foreach (var host in _hosts)
        {
            host.Pool.Clear();
        }
    }

    /// <inheritdoc/>
    protected override DbConnection CreateDbConnection() => (_found?.Host ?? _hosts[0]).Pool.CreateConnection();

    /// <inheritdoc/>
    protected override async ValueTask<DbConnection> OpenDbConnectionAsync(CancellationToken cancellationToken = default) => (await OpenAsync(cancellationToken)).Connection;

    /// <inheritdoc/>
    protected override async ValueTask DisposeAsyncCore()
    {
        await base.DisposeAsyncCore();
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }
    }

    private static async ValueTask<(NpgsqlConnection, CancellationToken)> OpenAsync(Found found, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, found.Moved);
        return (await found.Host.Pool.OpenConnectionAsync(either.Token), found.Moved);
    }

    private void Forget(Found found) => Interlocked.CompareExchange(ref _found, null, found);

    // One search at a time, whoever asks for it; it does not end with the first who asked.
    private Task<Found> FindAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_finding is not { IsCompleted: false })
            {
                _finding = Task.Run(SearchAsync, CancellationToken.None);
            }

            return _finding.WaitAsync(cancellationToken);
        }
    }

    private async Task<Found> SearchAsync()
    {
        if (_hosts is [var only])
        {
            return _found ?? new Found(only);
        }

        var asked = _hosts.Select(host => (Host: host, IsPrimary: Task.Run(host.IsPrimaryAsync))).ToList();
        var failures = new List<Exception>();
        while (asked.Count > 0)
        {
            await Task.WhenAny(asked.Select(entry => entry.IsPrimary));
            var (host, answer) = asked.First(entry => entry.IsPrimary.IsCompleted);
            asked.RemoveAll(entry => entry.Host == host);
            try
            {
                if (await answer)
                {
                    return Settle(host);
                }
            }
            catch (Exception failure) when (failure is NpgsqlException or SocketException or TimeoutException or IOException)
            {
                failures.Add(failure);
            }
        }

        throw failures is [PostgresException first, ..] && failures.Count == _hosts.Length && failures.TrueForAll(failure => failure is PostgresException { SqlState: var state } && state == first.SqlState)
            ? first
            : new NpgsqlException("none of its hosts is a primary that answers", failures.Count == 0 ? null : new AggregateException(failures));
    }

    private Found Settle(Host host)
    {
        if (_last is { } last && last.Host == host)
        {
            return _found = last;
        }

        var former = _last;
        _found = _last = new Found(host);
        // What leads to the former primary ends now: the idle connections, and who waits on one.
        former?.Host.Pool.Clear();
        former?.Dispose();
        return _last;
    }

    /// <summary>One host: its pool, and a way to ask it what it is on a connection of its own.</summary>
    private sealed class Host(NpgsqlConnectionStringBuilder settings) : IAsyncDisposable
    {
        private readonly NpgsqlDataSource _apart = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(settings.ConnectionString)
        {
            Pooling = false, Timeout = Math.Min(AskSeconds, settings.Timeout), CommandTimeout = AskSeconds, ApplicationName = "drmesh monitor",
        });

        public NpgsqlDataSource Pool { get; } = NpgsqlDataSource.Create(settings);

        public ValueTask<NpgsqlConnection> OpenApartAsync(CancellationToken cancellationToken) => _apart.OpenConnectionAsync(cancellationToken);

        public async Task<bool> IsPrimaryAsync()
        {
            await using var connection = await _apart.OpenConnectionAsync();
            await using var ask = new NpgsqlCommand("select pg_is_in_recovery()", connection);
            return await ask.ExecuteScalarAsync() is false;
        }

        public async ValueTask DisposeAsync()
        {
            await _apart.DisposeAsync();
            await Pool.DisposeAsync();
        }
    }

    /// <summary>A host that was found to be the primary, until another is.</summary>
    private sealed class Found : IDisposable
    {
        private readonly CancellationTokenSource _moved = new();

        public Found(Host host) => (Host, Moved) = (host, _moved.Token);

        public Host Host { get; }

        public CancellationToken Moved { get; }

        public void Dispose()
        {
            _moved.Cancel();
            _moved.Dispose();
        }
    }
}

using DrMesh.Contracts.Regions;
using DrMesh.Grains.Regions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace DrMesh.Grains.ControlStore;

/// <summary>
/// Asks the control store's primary every second whether it is there, on a connection of its own, so that neither a full pool nor a slow
/// statement of someone else looks like a loss. While it does not answer, every host is asked which of them is the primary now. When the server behind its connection turns out to be a standby, every pooled connection of this process
/// may lead to that former primary: they are dropped.
/// </summary>
internal sealed partial class ControlStoreMonitor : BackgroundService
{
    /// <summary>How long the store may be silent before it counts as unreachable.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AttemptLimit = TimeSpan.FromSeconds(2);
    private readonly TimeProvider _time;
    private readonly ILogger<ControlStoreMonitor> _logger;
    private readonly ReachabilityTracker _tracker;
    private readonly ControlStoreDatabase _store;
    private NpgsqlConnection? _connection;
    private bool _metStandby;

    public ControlStoreMonitor(ControlStoreDatabase store, TimeProvider time, ILogger<ControlStoreMonitor> logger)
    {
        _store = store;
        _time = time;
        _logger = logger;
        _tracker = new ReachabilityTracker(time, Patience);
    }

    /// <summary>The store as this silo sees it.</summary>
    public Reachability Current => _tracker.Current;

    /// <inheritdoc/>
    public override void Dispose()
    {
        _connection?.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, _time);
        var was = true;
        do
        {
            await LookAsync(stoppingToken);
            var now = Current;
            if (now.IsReachable != was)
            {
                was = now.IsReachable;
                if (was)
                {
                    LogBack();
                }
                else
                {
                    LogLost(now.Since, now.Problem);
                }
            }
        }
        while (await WaitAsync(timer, stoppingToken));
    }

    private static async Task<bool> WaitAsync(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task LookAsync(CancellationToken stoppingToken)
    {
        var started = _time.GetTimestamp();
        using var limit = new CancellationTokenSource(AttemptLimit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stoppingToken);
        try
        {
            _connection ??= await _store.Primary.OpenApartAsync(either.Token);
            await using var ask = new NpgsqlCommand("select pg_is_in_recovery()", _connection);
            if (await ask.ExecuteScalarAsync(either.Token) is true)
            {
                _tracker.Missed("the server it is connected to is a standby");
                await DropAsync();
                ClearPoolsOnce();
                return;
            }

            _metStandby = false;
            _tracker.Answered(_time.GetElapsedTime(started));
        }
        catch (Exception failure) when (failure is NpgsqlException or OperationCanceledException or InvalidOperationException or IOException or TimeoutException)
        {
            _tracker.Missed(failure is OperationCanceledException ? $"no answer within {AttemptLimit.TotalSeconds} s" : (failure.InnerException ?? failure).Message);
            await DropAsync();
        }
    }

    // Once for each change of role: a store that has only standbys for a while is asked every second.
    private void ClearPoolsOnce()
    {
        if (!_metStandby)
        {
            _metStandby = true;
            _store.ClearPools();
        }
    }

    private async Task DropAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync();
        }
    }

    [LoggerMessage(LogLevel.Warning, "The control store is unreachable since {Since:O}: {Problem}; running silos go on, none joins and none is declared dead")]
    private partial void LogLost(DateTimeOffset since, string? problem);

    [LoggerMessage(LogLevel.Information, "The control store answers")]
    private partial void LogBack();
}

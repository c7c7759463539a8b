using DrMesh.Lab.Load;
using DrMesh.Lab.Worlds;
using Npgsql;

namespace DrMesh.Lab.Demo;

/// <summary>Looks at the world a few times a second from the outside, as a client would: asks each database and the name server.</summary>
internal sealed class Scene : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(400);
    private readonly World _world;
    private readonly Writers _writers;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _looking;
    private (long At, int Rows) _before;

    /// <summary>Begins to look.</summary>
    public Scene(World world, Writers writers, TimeProvider time)
    {
        (_world, _writers, _time) = (world, writers, time);
        _before = (time.GetTimestamp(), writers.Acknowledged);
        _looking = Task.Run(LookAsync);
    }

    /// <summary>The regions as last seen.</summary>
    public IReadOnlyList<RegionSight> Regions { get; private set; } = [];

    /// <summary>What the service's name answers.</summary>
    public string? Answer { get; private set; }

    /// <summary>Rows acknowledged a second, lately.</summary>
    public double Rate { get; private set; }

    /// <summary>Rows acknowledged so far.</summary>
    public int Acknowledged { get; private set; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _looking;
        _stop.Dispose();
    }

    private async Task LookAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                Answer = await _world.Lookup.AskAsync(_stop.Token);
                var seen = await Task.WhenAll(_world.Regions.Select(region => AskAsync(region, _stop.Token)));
                var written = seen.Where(one => one is { IsPrimary: true }).Max(one => one.Position);
                Regions = [.. _world.Regions.Zip(seen, (region, one) => new RegionSight(
                    region.Id.Value, one.IsDown ? "down" : one.IsPrimary ? "primary" : "standby", one.IsDown || one.IsPrimary ? null : written - one.Position, region.Address == Answer))];
                var (now, rows) = (_time.GetTimestamp(), _writers.Acknowledged);
                Rate = (rows - _before.Rows) / _time.GetElapsedTime(_before.At, now).TotalSeconds;
                (_before, Acknowledged) = ((now, rows), rows);
                await Task.Delay(Interval, _time, _stop.Token);
            }
            catch (OperationCanceledException)
            {
                // The demo is over.
            }
        }
    }

    private async Task<(bool IsDown, bool IsPrimary, long? Position)> AskAsync(WorldRegion region, CancellationToken cancellationToken)
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(_world.Databases.ConnectionString(region, Databases.ControlRole)) { Timeout = 1, CommandTimeout = 1, CancellationTimeout = -1, Pooling = true, MaxPoolSize = 1 };
            await using var connection = new NpgsqlConnection(settings.ConnectionString);
            await connection.OpenAsync(cancellationToken);
            await using var ask = new NpgsqlCommand(
                "select pg_is_in_recovery(), (case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end - '0/0')::bigint", connection);
            await using var row = await ask.ExecuteReaderAsync(cancellationToken);
            await row.ReadAsync(cancellationToken);
            return (false, !row.GetBoolean(0), await row.IsDBNullAsync(1, cancellationToken) ? null : row.GetInt64(1));
        }
        catch (Exception down) when (down is NpgsqlException or TimeoutException)
        {
            return (true, false, null);
        }
    }
}

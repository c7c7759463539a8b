using DrMesh.Lab.Load;
using DrMesh.TestKit;
using DrMesh.TestKit.Servers;
using Npgsql;

namespace DrMesh.Benchmarks.Failover;

/// <summary>The same disasters for Patroni over etcd, as infra/patroni sets it up in synchronous mode, with ttl 20 s, loop_wait 1 s and retry_timeout 3 s, the least its documentation allows. Its client knows all three hosts and asks each for the primary.</summary>
internal static class PatroniRounds
{
    private static readonly TimeSpan Steady = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>Runs each disaster so many times, in turns.</summary>
    public static async Task<IReadOnlyDictionary<string, List<TimeSpan>>> RunAsync(int runs, Action<string> progress, CancellationToken cancellationToken)
    {
        await using var store = await PatroniStore.StartNewAsync();
        await CalmAsync(store);
        await store.TuneForSpeedAsync();
        await using var hosts = new NpgsqlDataSourceBuilder(new NpgsqlConnectionStringBuilder(store.ConnectionString)
        {
            // The client remembers no host's role: what is measured is Patroni.
            Pooling = false, Timeout = 1, CommandTimeout = 1, CancellationTimeout = -1, HostRecheckSeconds = 0,
        }.ConnectionString).BuildMultiHost();
        var gaps = new Dictionary<string, List<TimeSpan>> { [MeshRounds.ProcessKilled] = [], [MeshRounds.RegionKilled] = [], [MeshRounds.Switchover] = [] };
        for (var run = 0; run < runs; run++)
        {
            foreach (var (disaster, measured) in gaps)
            {
                try
                {
                    await CalmAsync(store);
                    measured.Add(await GapAsync(hosts, () => StrikeAsync(store, disaster), cancellationToken));
                    progress($"Patroni, {disaster}: {measured[^1].TotalSeconds:0.00} s");
                    await store.UpAsync();
                }
                catch (TimeoutException late)
                {
                    progress($"Patroni, {disaster}, after {measured.Count} rounds: {late.Message}; it is {await store.DescribeAsync()}; its further rounds are left out");
                    return gaps;
                }
            }
        }

        return gaps;
    }

    private static Task StrikeAsync(PatroniStore store, string disaster) => disaster switch
    {
        MeshRounds.ProcessKilled => store.KillLeadersServerAsync(),
        MeshRounds.RegionKilled => store.KillLeadersRegionAsync(),
        _ => store.SwitchOverAsync(),
    };

    // For a while: a primary that was restarted has no synchronous standby for some of its Patroni's looks, and who is lost then is replaced by nobody.
    private static async Task CalmAsync(PatroniStore store)
    {
        var how = "";
        long? since = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                how = await store.DescribeAsync();
                since = IsComplete(how) && await store.HasSynchronousStandbyAsync() ? since ?? TimeProvider.System.GetTimestamp() : null;
                return since is { } begun && TimeProvider.System.GetElapsedTime(begun) > Steady;
            },
            Patience,
            () => how);
    }

    private static bool IsComplete(string how) => how.Split(", ").Count(member => member.EndsWith(" standby", StringComparison.Ordinal)) == 2 && how.Contains("primary", StringComparison.Ordinal);

    // One writer that never stops; the gap is the longest time between two acknowledged writes, from before the strike until a row sent after it is acknowledged.
    private static async Task<TimeSpan> GapAsync(NpgsqlMultiHostDataSource hosts, Func<Task> strike, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var log = new List<RowWrite>();
        var lastFailure = "none";
        var writing = Task.Run(() => WriteAsync(hosts, log, failure => lastFailure = failure, time, stop.Token), CancellationToken.None);
        await Task.Delay(TimeSpan.FromSeconds(2), time, cancellationToken);
        var began = time.GetTimestamp();
        await strike();
        var struck = time.GetTimestamp();
        await Eventually.HoldsAsync(
            () =>
            {
                lock (log)
                {
                    return Task.FromResult(log.Exists(row => row.IntendedAt > struck + (time.TimestampFrequency * 2) && row.AcknowledgedAt is not null));
                }
            },
            Patience,
            () => $"Patroni's cluster accepts no write; the writer's last failure: {Volatile.Read(ref lastFailure)}", cancellationToken);
        await stop.CancelAsync();
        await writing;
        return Checker.LongestGap(log, began, time.GetTimestamp(), time);
    }

    private static async Task WriteAsync(NpgsqlMultiHostDataSource hosts, List<RowWrite> log, Action<string> tell, TimeProvider time, CancellationToken cancellationToken)
    {
        for (var number = 1L; !cancellationToken.IsCancellationRequested;)
        {
            try
            {
                await using var connection = await hosts.OpenConnectionAsync(TargetSessionAttributes.Primary, cancellationToken);
                await using (var create = new NpgsqlCommand("create table if not exists bench_row (number bigint)", connection))
                {
                    await create.ExecuteNonQueryAsync(cancellationToken);
                }

                while (!cancellationToken.IsCancellationRequested)
                {
                    var row = new RowWrite { Writer = 1, Number = number++, IntendedAt = time.GetTimestamp() };
                    await using var insert = new NpgsqlCommand("insert into bench_row values ($1)", connection) { Parameters = { new() { Value = row.Number } } };
                    await insert.ExecuteNonQueryAsync(cancellationToken);
                    lock (log)
                    {
                        log.Add(row with { AcknowledgedAt = time.GetTimestamp() });
                    }

                    await Task.Delay(TimeSpan.FromMilliseconds(5), time, cancellationToken);
                }
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                // Whatever it was: this client goes on, as long as it is measured how long it cannot write.
                tell($"{failure.GetType().Name}: {failure.Message}; {failure.InnerException?.Message}");
                await Task.Delay(TimeSpan.FromMilliseconds(20), time, CancellationToken.None);
            }
        }
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using DrMesh.Contracts.Errors;
using DrMesh.Grains.ControlStore;
using DrMesh.TestKit;
using DrMesh.TestKit.Servers;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace DrMesh.Scenarios.ControlStore;

/// <summary>The store over three regions, of which the leader's is lost.</summary>
public sealed class StoreFailoverTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task S2_StoreLeadersRegionKilled_SameDataSourceWritesAgainAndNoAcknowledgedRowIsLost()
    {
        await using var patroni = await PatroniStore.StartNewAsync();
        await using var store = new ControlStoreDatabase(
            Options.Create(new ControlStoreOptions { ConnectionString = patroni.ConnectionString }), NullLogger<ControlStoreDatabase>.Instance);
        var migrated = await EventuallyAsync(patroni, async () => (await new ControlStoreMigrator(store).MigrateAsync(Cancellation)).To > 0);
        var standbys = await EventuallyAsync(patroni, patroni.HasSynchronousStandbyAsync);
        output.WriteLine($"schema there after {migrated.TotalSeconds:0.0} s, a synchronous standby {standbys.TotalSeconds:0.0} s later");
        using var writers = new Writers(store);
        await EventuallyAsync(patroni, () => Task.FromResult(writers.Acknowledged > 200));

        var killed = await patroni.KillLeadersRegionAsync();
        var before = writers.Acknowledged;
        var gap = await EventuallyAsync(patroni, () => Task.FromResult(writers.Acknowledged > before + 20));
        output.WriteLine($"{killed} killed; writes acknowledged again after {gap.TotalSeconds:0.0} s, the longest pause {writers.LongestPause.TotalSeconds:0.0} s");

        await patroni.UpAsync();
        var rejoined = await EventuallyAsync(patroni, async () => (await patroni.DescribeAsync()).Split("standby").Length - 1 == 2);
        output.WriteLine($"{killed} is a standby again after {rejoined.TotalSeconds:0.0} s");
        var acknowledged = await writers.StopAsync();
        var there = await store.RunAsync(ReadAsync, Cancellation);
        output.WriteLine($"{acknowledged.Count} acknowledged rows, {there.Count} there");
        acknowledged.Except(there).ShouldBeEmpty("acknowledged rows are lost");
        await new ControlStoreSchema(store).EnsureCurrentAsync(Cancellation);
    }

    private static async Task<TimeSpan> EventuallyAsync(PatroniStore patroni, Func<Task<bool>> condition)
    {
        var seen = "";
        try
        {
            return await Eventually.HoldsAsync(
                async () =>
                {
                    try
                    {
                        return await condition();
                    }
                    catch (DrMeshException failure)
                    {
                        seen = failure.Message;
                        return false;
                    }
                },
                Patience, () => seen, Cancellation);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message}; {await patroni.DescribeAsync()}", late);
        }
    }

    private static async Task<HashSet<string>> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select session_id from drmesh.session", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        HashSet<string> ids = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            ids.Add(reader.GetString(0));
        }

        return ids;
    }

    /// <summary>Insert rows one after another through the one data source, and note which were acknowledged.</summary>
    private sealed class Writers : IDisposable
    {
        private readonly ControlStoreDatabase _store;
        private readonly ConcurrentQueue<string> _acknowledged = new();
        private readonly CancellationTokenSource _stop = new();
        private readonly Task[] _running;
        private long _lastAt = Stopwatch.GetTimestamp();
        private long _longestPause;

        public Writers(ControlStoreDatabase store)
        {
            _store = store;
            _running = [.. Enumerable.Range(0, 4).Select(number => Task.Run(() => WriteAsync(number)))];
        }

        public int Acknowledged => _acknowledged.Count;

        public TimeSpan LongestPause => Stopwatch.GetElapsedTime(0, Volatile.Read(ref _longestPause));

        public async Task<List<string>> StopAsync()
        {
            await _stop.CancelAsync();
            await Task.WhenAll(_running);
            return [.. _acknowledged];
        }

        public void Dispose() => _stop.Dispose();

        private async Task WriteAsync(int writer)
        {
            for (var number = 0; !_stop.IsCancellationRequested; number++)
            {
                var id = $"w{writer}-{number}";
                try
                {
                    await _store.ExecuteAsync(
                        """
                        insert into drmesh.session (session_id, kind, subject, title, status, phase, started_by, started_at, silo)
                        values ($1, 'test', $1, '', 'Running', 'Writing', 'test', now(), 'test')
                        """,
                        [new NpgsqlParameter { Value = id }]);
                }
                catch (Exception failure) when (failure is DrMeshException or NpgsqlException)
                {
                    // Not acknowledged: it may be there or not.
                    await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
                    continue;
                }

                _acknowledged.Enqueue(id);
                var now = Stopwatch.GetTimestamp();
                var pause = now - Interlocked.Exchange(ref _lastAt, now);
                InterlockedMax(ref _longestPause, pause);
            }
        }

        private static void InterlockedMax(ref long target, long value)
        {
            var seen = Volatile.Read(ref target);
            while (value > seen)
            {
                var was = Interlocked.CompareExchange(ref target, value, seen);
                if (was == seen)
                {
                    return;
                }

                seen = was;
            }
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using DrMesh.Benchmarks.Frame;
using DrMesh.Contracts.Databases;
using DrMesh.Core.Backups.PostgreSql;
using DrMesh.Engines.PostgreSql.Wal;
using DrMesh.TestKit;
using DrMesh.TestKit.Servers;

namespace DrMesh.Benchmarks.Postgres;

/// <summary>How fast WAL that is there is archived, beside pg_receivewal; how far the archive is behind under a load of 20 MB/s.</summary>
internal static class WalRounds
{
    private static readonly TimeSpan LoadTime = TimeSpan.FromSeconds(20);

    public static async Task<IReadOnlyList<Measurement>> MeasureAsync(int scale, Action<string> progress, CancellationToken cancellationToken)
    {
        progress("WAL archive");
        await using var server = await Bench.StartServerAsync(Math.Max(1, scale / 15), new Dictionary<string, string> { ["wal_keep_size"] = "4GB" });
        // The slots keep what is written from here on for both.
        await Bench.ExecuteAsync(server, "select pg_create_physical_replication_slot('drmesh_wal', true), pg_create_physical_replication_slot('receivewal', true)");
        var begun = Lsn.Parse((await server.ScalarAsync<string>("select pg_current_wal_lsn()::text"))!);
        await Bench.ExecuteAsync(
            server,
            string.Create(CultureInfo.InvariantCulture, $"create table filler as select i, md5(i::text), repeat('x', 300) from generate_series(1, {scale * 20000}) i; select pg_switch_wal()"));
        var end = Lsn.Parse((await server.ScalarAsync<string>("select pg_current_wal_flush_lsn()::text"))!);
        var megabytes = (end - begun) / 1e6;

        var (directory, step) = await Bench.CreateRepositoryAsync();
        using var store = directory;
        await using var repository = await step.OpenAsync(create: false);
        using var stop = new CancellationTokenSource();
        var archiver = new WalArchiver(server.ConnectionString, new WalArchiveOptions { Cluster = "bench" }, repository, TimeProvider.System);
        var started = Stopwatch.GetTimestamp();
        var archiving = archiver.RunAsync(stop.Token);
        await WaitAsync(() => archiver.Status.Tiers is [var tier] && tier.Position >= end);
        var ours = megabytes / Stopwatch.GetElapsedTime(started).TotalSeconds;
        using var target = await Bench.EmptyAsync();
        var receive = await MeasuredRun.OfAsync(
            DrMesh.Engines.PostgreSql.Hosting.PostgresInstall.Find().Program("pg_receivewal"),
            ["-D", target.Path, "-h", "127.0.0.1", "-p", server.Port.ToString(CultureInfo.InvariantCulture), "-U", "postgres", "-S", "receivewal", "--endpos", end.ToString()],
            "postgres",
            cancellationToken);
        var lags = await LagsAsync(server, archiver, progress, cancellationToken);
        await stop.CancelAsync();
        await archiving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return
        [
            new Measurement("WAL archive, throughput (peer: pg_receivewal, neither compressing nor encrypting)", "MB/s", ours, megabytes / receive.Seconds, 1),
            new Measurement("WAL archive under 20 MB/s, lag p50", "s", lags[lags.Count / 2], null, lags.Count),
            new Measurement("WAL archive under 20 MB/s, lag p99", "s", lags[lags.Count * 99 / 100], null, lags.Count),
        ];
    }

    /// <summary>Writes 20 MB of WAL a second and notes for each position seen on the server how long the archive took to have it.</summary>
    private static async Task<List<double>> LagsAsync(PostgresServer server, WalArchiver archiver, Action<string> progress, CancellationToken cancellationToken)
    {
        await Bench.ExecuteAsync(server, "create table load(t text)");
        using var over = new CancellationTokenSource(LoadTime, TimeProvider.System);
        var before = await server.ScalarAsync<long>("select (pg_current_wal_lsn() - '0/0')::bigint");
        var writing = Task.Run(
            async () =>
            {
                var begun = Stopwatch.GetTimestamp();
                for (var part = 1; !over.IsCancellationRequested; part++)
                {
                    // 1 MB of WAL, every 50 ms.
                    await Bench.ExecuteAsync(server, "insert into load select repeat(md5(i::text), 30) from generate_series(1, 970) i");
                    var due = TimeSpan.FromMilliseconds(50 * part) - Stopwatch.GetElapsedTime(begun);
                    if (due > TimeSpan.Zero)
                    {
                        await Task.Delay(due, TimeProvider.System, cancellationToken);
                    }
                }
            },
            cancellationToken);
        var waiting = new Queue<(long Seen, Lsn Position)>();
        var lags = new List<double>();
        while (!writing.IsCompleted || waiting.Count > 0)
        {
            if (!writing.IsCompleted)
            {
                waiting.Enqueue((Stopwatch.GetTimestamp(), Lsn.Parse((await server.ScalarAsync<string>("select pg_current_wal_flush_lsn()::text"))!)));
            }

            var archived = archiver.Status.Tiers.Min(tier => tier.Position);
            while (waiting.TryPeek(out var first) && first.Position <= archived)
            {
                waiting.Dequeue();
                lags.Add(Stopwatch.GetElapsedTime(first.Seen).TotalSeconds);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
        }

        await writing;
        var written = await server.ScalarAsync<long>("select (pg_current_wal_lsn() - '0/0')::bigint") - before;
        progress(string.Create(CultureInfo.InvariantCulture, $"  load: {written / 1e6 / LoadTime.TotalSeconds:0.0} MB/s of WAL"));
        lags.Sort();
        return lags;
    }

    private static Task<TimeSpan> WaitAsync(Func<bool> condition) =>
        Eventually.HoldsAsync(() => Task.FromResult(condition()), TimeSpan.FromMinutes(5), () => "the archive does not catch up");
}

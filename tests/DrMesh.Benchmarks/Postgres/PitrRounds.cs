using System.Diagnostics;
using System.Globalization;
using DrMesh.Benchmarks.Frame;
using DrMesh.Contracts.Databases;
using DrMesh.Core.Backups.PostgreSql;
using DrMesh.Engines.PostgreSql.Wal;
using DrMesh.TestKit;
using DrMesh.TestKit.Servers;

namespace DrMesh.Benchmarks.Postgres;

/// <summary>From an empty directory to a server at a named point after WAL in proportion to the data (about 1 GB at scale 150); pgBackRest fetches ahead, too.</summary>
internal static class PitrRounds
{
    private const string Point = "here";

    public static async Task<IReadOnlyList<Measurement>> MeasureAsync(int scale, Action<string> progress, CancellationToken cancellationToken)
    {
        progress("point-in-time recovery");
        await using var server = await Bench.StartServerAsync(scale, new Dictionary<string, string> { ["archive_mode"] = "on", ["archive_command"] = "true" });
        var (directory, step) = await Bench.CreateRepositoryAsync();
        using var store = directory;
        using var peer = await PgBackRest.CreateAsync(server.DataDirectory, server.Port);
        await peer.CreateStanzaAsync(cancellationToken);
        await Bench.ExecuteAsync(server, $"alter system set archive_command = '{peer.ArchiveCommand}'");
        await Bench.ExecuteAsync(server, "select pg_reload_conf()");
        await using var repository = await step.OpenAsync(create: false);
        using var stop = new CancellationTokenSource();
        var archiver = new WalArchiver(server.ConnectionString, new WalArchiveOptions { Cluster = "bench" }, repository, TimeProvider.System);
        var archiving = archiver.RunAsync(stop.Token);
        await (step with { Verb = "backup", ConnectionString = server.ConnectionString, Backup = "full", Flag = true }).MeasureAsync(cancellationToken);
        await peer.BackUpAsync("full", cancellationToken);
        var begun = Lsn.Parse((await server.ScalarAsync<string>("select pg_current_wal_flush_lsn()::text"))!);
        await WriteAsync(server, scale);
        await Bench.ExecuteAsync(server, $"select pg_create_restore_point('{Point}')");
        await Bench.ExecuteAsync(server, "select pg_switch_wal(); create table after_point(i int); select pg_switch_wal()");
        var end = Lsn.Parse((await server.ScalarAsync<string>("select pg_current_wal_flush_lsn()::text"))!);
        await Eventually.HoldsAsync(
            async () => archiver.Status.Tiers.All(tier => tier.Position >= end)
                && await server.ScalarAsync<bool>("select last_archived_wal >= pg_walfile_name(pg_current_wal_lsn() - 16777216) from pg_stat_archiver"),
            TimeSpan.FromMinutes(5),
            () => $"the archives lag: {archiver.Status}",
            cancellationToken);
        await stop.CancelAsync();
        await archiving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        List<double> ours = [];
        List<double> theirs = [];
        for (var run = 0; run < 2; run++)
        {
            ours.Add(await OursAsync(step, cancellationToken));
            theirs.Add(await PeersAsync(peer, cancellationToken));
            progress(string.Create(CultureInfo.InvariantCulture, $"  PITR: {ours[^1]:0.0} s, pgBackRest {theirs[^1]:0.0} s"));
        }

        return
        [
            Measurement.Median(
                string.Create(CultureInfo.InvariantCulture, $"point-in-time recovery, base and {(end - begun) / 1e9:0.00} GB of WAL"), "s", ours, theirs),
        ];
    }

    /// <summary>Rows updated all over, with full pages after each checkpoint: about 3 GB of WAL at scale 60.</summary>
    private static async Task WriteAsync(PostgresServer server, int scale)
    {
        for (var part = 0; part < 4; part++)
        {
            await Bench.ExecuteAsync(
                server,
                string.Create(CultureInfo.InvariantCulture, $"update pgbench_accounts set abalance = abalance + 1 where aid % 60 = {part}; checkpoint"));
            await Bench.ExecuteAsync(
                server,
                string.Create(CultureInfo.InvariantCulture, $"create table part{part} as select i, md5(i::text) from generate_series(1, {scale * 3000}) i"));
        }
    }

    private static async Task<double> OursAsync(Step step, CancellationToken cancellationToken)
    {
        var place = await Bench.EmptyAsync();
        var target = Path.Combine(place.Path, "data");
        await Bench.MakeDataDirectoryAsync(target);
        var run = await (step with { Verb = "pitr", Backup = "full", Target = target, RestorePoint = Point, Port = LoopbackPort.Next() }).MeasureAsync(cancellationToken);
        await using var server = await PostgresServer.AdoptAsync(place, target);
        return run.Seconds;
    }

    private static async Task<double> PeersAsync(PgBackRest peer, CancellationToken cancellationToken)
    {
        var place = await Bench.EmptyAsync();
        var target = Path.Combine(place.Path, "data");
        await Bench.MakeDataDirectoryAsync(target);
        var started = Stopwatch.GetTimestamp();
        await peer.RestoreAsync(target, ["--type=name", $"--target={Point}", "--target-action=promote", "--archive-mode=off"], cancellationToken);
        await using var server = await PostgresServer.AdoptAsync(place, target);
        await server.StartAsync();
        await Eventually.HoldsAsync(
            async () => !await server.ScalarAsync<bool>("select pg_is_in_recovery()"), TimeSpan.FromMinutes(5), () => "still in recovery", cancellationToken);
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}

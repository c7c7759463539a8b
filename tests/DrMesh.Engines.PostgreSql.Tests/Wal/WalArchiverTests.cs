using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups.Logs;
using DrMesh.Core.Backups.PostgreSql;
using DrMesh.TestKit;
using DrMesh.TestKit.Repositories;
using DrMesh.TestKit.Servers;

namespace DrMesh.Engines.PostgreSql.Tests.Wal;

public sealed class WalArchiverTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_WalOfSeveralSegments_IsInEveryTierByteForByte()
    {
        await using var server = await PostgresServer.StartNewAsync();
        var repository = new FakeRepository { Tiers = ["hot", "warm"] };
        await using var archiver = RunningArchiver.Start(server, repository);
        await archiver.CatchUpAsync(server);

        await server.ExecuteAsync("create table t as select i, repeat('x', 500) from generate_series(1, 80000) i; select pg_switch_wal(); create table u(i int)");
        await archiver.CatchUpAsync(server);

        foreach (var tier in repository.Tiers)
        {
            await ShouldEqualServerAsync(server, repository.OpenLog("orders", tier), atLeast: 3);
        }

        archiver.Archiver.Status.Gaps.ShouldBeEmpty();
        archiver.Archiver.Status.NeedsBaseBackup.ShouldBeFalse();
    }

    [Fact]
    public async Task RunAsync_RoleThatMayOnlyReplicate_StreamsWhileTheControlRoleSetsTheSlotUp()
    {
        await using var server = await PostgresServer.StartNewAsync();
        await server.ExecuteAsync("create role replicator login replication");
        await using var archiver = RunningArchiver.StartAs("replicator", server, new FakeRepository(), new WalArchiveOptions { Cluster = "orders", SlotLimitMegabytes = 512 });

        await archiver.CatchUpAsync(server);

        (await server.ScalarAsync<string>("show max_slot_wal_keep_size")).ShouldBe("512MB");
        (await server.ScalarAsync<string>("select string_agg(usename, ',') from pg_stat_replication")).ShouldBe("replicator");
    }

    [Fact]
    public async Task RunAsync_NothingButASmallCommit_IsArchivedWithinASecond()
    {
        await using var server = await PostgresServer.StartNewAsync();
        await using var archiver = RunningArchiver.Start(server, new FakeRepository());
        await archiver.CatchUpAsync(server);
        await server.ExecuteAsync("create table t(i int)");

        var lag = await archiver.CatchUpAsync(server);

        lag.ShouldBeLessThan(TimeSpan.FromSeconds(3), "half a second's interval, on a machine that may be loaded");
    }

    [Fact]
    public async Task RunAsync_ArchiverAndServerKilled_GoesOnWithoutGapOrDuplicate()
    {
        await using var server = await PostgresServer.StartNewAsync();
        var repository = new FakeRepository();
        for (var round = 0; round < 3; round++)
        {
            await using var archiver = RunningArchiver.Start(server, repository);
            await archiver.CatchUpAsync(server);
            await server.ExecuteAsync($"create table t{round} as select i, repeat('x', 400) from generate_series(1, 40000) i");
            if (round == 1)
            {
                await server.KillAsync();
                await server.StartAsync();
                await server.ExecuteAsync("create table after_crash(i int)");
                await archiver.CatchUpAsync(server);
            }
        }

        await using var last = RunningArchiver.Start(server, repository);
        await last.CatchUpAsync(server);
        await ShouldEqualServerAsync(server, repository.OpenLog("orders", "hot"), atLeast: 3);
        last.Archiver.Status.Gaps.ShouldBeEmpty();
    }

    [Fact]
    public async Task RunAsync_RequiredTierAway_ServerKeepsWalAndTheTierCatchesUp()
    {
        await using var server = await PostgresServer.StartNewAsync();
        var repository = new FakeRepository { Tiers = ["hot", "warm"] };
        await using var archiver = RunningArchiver.Start(server, repository);
        await archiver.CatchUpAsync(server);
        repository.Unreachable["warm"] = true;
        var confirmed = await server.ScalarAsync<string>("select restart_lsn::text from pg_replication_slots");

        await server.ExecuteAsync("create table t as select i, repeat('x', 500) from generate_series(1, 60000) i");
        await Eventually.HoldsAsync(
            () => Task.FromResult(archiver.Archiver.Status.Tiers[1].Failure is not null), TimeSpan.FromSeconds(30), () => "no failure shown", Token);

        archiver.Archiver.Status.Tiers[1].Failure!.ShouldContain("warm does not answer");
        (await server.ScalarAsync<bool>($"select restart_lsn - '{confirmed}'::pg_lsn < 16777216 from pg_replication_slots"))
            .ShouldBeTrue("the slot waits for the tier that is away");
        repository.Unreachable.TryRemove("warm", out _);
        await archiver.CatchUpAsync(server);
        await ShouldEqualServerAsync(server, repository.OpenLog("orders", "warm"), atLeast: 2);
        archiver.Archiver.Status.Tiers[1].Failure.ShouldBeNull();
    }

    [Fact]
    public async Task RunAsync_OptionalTierAway_HoldsNobodyUpAndIsHealedFromAnother()
    {
        await using var server = await PostgresServer.StartNewAsync();
        var repository = new FakeRepository { Tiers = ["hot", "cold"] };
        var options = new WalArchiveOptions { Cluster = "orders", OptionalTiers = new HashSet<string> { "cold" }, BufferedSegments = 2 };
        await using var archiver = RunningArchiver.Start(server, repository, options);
        await archiver.CatchUpAsync(server);
        repository.Unreachable["cold"] = true;
        await server.ExecuteAsync("create table t as select i, repeat('x', 500) from generate_series(1, 150000) i");
        var written = Lsn.Parse((await server.ScalarAsync<string>("select pg_current_wal_flush_lsn()::text"))!);
        await Eventually.HoldsAsync(
            () => Task.FromResult(archiver.Archiver.Status.Tiers[0].Position >= written), TimeSpan.FromSeconds(60), () => $"hot lags: {archiver.Archiver.Status}", Token);

        repository.Unreachable.TryRemove("cold", out _);
        await server.ExecuteAsync("create table u(i int)");
        await archiver.CatchUpAsync(server);

        await ShouldEqualServerAsync(server, repository.OpenLog("orders", "cold"), atLeast: 4);
    }

    [Fact]
    public async Task RunAsync_SlotDroppedAndWalRemoved_ShowsTheGap()
    {
        await using var server = await PostgresServer.StartNewAsync(new Dictionary<string, string> { ["max_wal_size"] = "32MB", ["min_wal_size"] = "32MB" });
        var repository = new FakeRepository();
        await using (var first = RunningArchiver.Start(server, repository))
        {
            await first.CatchUpAsync(server);
        }

        await Eventually.HoldsAsync(
            async () => !await server.ScalarAsync<bool>("select active from pg_replication_slots"), TimeSpan.FromSeconds(30), () => "the slot stays active", Token);
        await server.ExecuteAsync("select pg_drop_replication_slot('drmesh_wal')");
        await server.ExecuteAsync("create table t as select i, repeat('x', 500) from generate_series(1, 200000) i");
        await server.ExecuteAsync("checkpoint; select pg_switch_wal(); checkpoint; select pg_switch_wal(); checkpoint");

        await using var second = RunningArchiver.Start(server, repository);
        await second.CatchUpAsync(server);

        second.Archiver.Status.NeedsBaseBackup.ShouldBeTrue();
        second.Archiver.Status.Gaps.Single().Reason.ShouldContain("slot drmesh_wal was not there");
    }

    [Fact]
    public async Task RunAsync_SlotLimitUsedUpWhileATierIsAway_GapOutlivesTheArchiverUntilANewBaseBackup()
    {
        await using var server = await PostgresServer.StartNewAsync(
            new Dictionary<string, string> { ["max_wal_size"] = "32MB", ["min_wal_size"] = "32MB", ["autovacuum"] = "off" });
        var repository = new FakeRepository();
        System.Collections.Immutable.ImmutableArray<WalGap> noted;
        await using (var first = RunningArchiver.Start(server, repository, new WalArchiveOptions { Cluster = "orders", SlotLimitMegabytes = 16, BufferedSegments = 2 }))
        {
            await first.CatchUpAsync(server);
            repository.Unreachable["hot"] = true;
            await Eventually.HoldsAsync(
                async () =>
                {
                    await server.ExecuteAsync("create table if not exists t(i int, x text); insert into t select i, repeat('x', 500) from generate_series(1, 40000) i; checkpoint");
                    // What comes after the last received byte is gone: nobody can archive it any more.
                    return await server.ScalarAsync<bool>(
                        $"select not exists (select 1 from pg_ls_waldir() where name = pg_walfile_name('{first.Archiver.Status.Received}')) and wal_status = 'lost' from pg_replication_slots");
                },
                TimeSpan.FromSeconds(60),
                () => $"the limit holds for ever: {first.Archiver.Status}",
                Token);
            // A limit of one segment would be used up by the next base backup's own switches of segment.
            await server.ExecuteAsync("alter system set max_slot_wal_keep_size = '1GB'");
            await server.ExecuteAsync("select pg_reload_conf()");
            repository.Unreachable.TryRemove("hot", out _);
            await first.CatchUpAsync(server);
            noted = first.Archiver.Status.Gaps;
            noted.ShouldNotBeEmpty();
            noted.ShouldAllBe(gap => gap.Reason.Contains("max_slot_wal_keep_size"));
        }

        await using var second = RunningArchiver.Start(server, repository);
        await second.CatchUpAsync(server);
        second.Archiver.Status.Gaps.ShouldBe(noted);
        await Backup.BackupFixture.BackUpAsync(server, repository, "after the gap");

        await Eventually.HoldsAsync(
            () => Task.FromResult(!second.Archiver.Status.NeedsBaseBackup), TimeSpan.FromSeconds(60), () => $"the gap stays: {string.Join("; ", second.Archiver.Status.Gaps)}; {second.Archiver.Status}; {second.Ended.Status} {second.Ended.Exception?.Message}", Token);
    }

    [Fact]
    public async Task RunAsync_SlotLimit_IsSetOnTheServer()
    {
        await using var server = await PostgresServer.StartNewAsync();
        await using var archiver = RunningArchiver.Start(server, new FakeRepository(), new WalArchiveOptions { Cluster = "orders", SlotLimitMegabytes = 2048 });
        await archiver.CatchUpAsync(server);

        (await server.ScalarAsync<string>("show max_slot_wal_keep_size")).ShouldBe("2GB");
        await Eventually.HoldsAsync(
            () => Task.FromResult(archiver.Archiver.Status.SlotStatus == "reserved"), TimeSpan.FromSeconds(30), () => $"{archiver.Archiver.Status}", Token);
        archiver.Archiver.Status.IsSlotLimitBreached.ShouldBeFalse();
    }

    [Fact]
    public async Task RunAsync_Promotion_FollowsTheNewTimelineAndKeepsItsHistory()
    {
        await using var primary = await PostgresServer.StartNewAsync();
        await using var standby = await PostgresServers.StartStandbyAsync(primary);
        var repository = new FakeRepository();
        await using (var before = RunningArchiver.Start(primary, repository))
        {
            await primary.ExecuteAsync("create table t as select i, repeat('x', 400) from generate_series(1, 50000) i");
            await before.CatchUpAsync(primary);
        }

        await PostgresServers.CatchUpAsync(primary, standby);
        await primary.StopAsync();
        await standby.ExecuteAsync("select pg_promote()");
        await standby.ExecuteAsync("create table on_new_timeline(i int)");

        await using var after = RunningArchiver.Start(standby, repository);
        await after.CatchUpAsync(standby);

        after.Archiver.Status.Timeline.ShouldBe(new TimelineId(2));
        after.Archiver.Status.Gaps.ShouldBeEmpty();
        var log = repository.OpenLog("orders", "hot");
        (await log.ReadAsync(new LogName("history", "00000002.history"), Token)).ShouldNotBeNull();
        (await log.LastAsync("00000002", Token)).ShouldNotBeNull();
    }

    [Fact]
    public async Task RunAsync_AnotherClusterUnderTheSameName_IsRefused()
    {
        await using var one = await PostgresServer.StartNewAsync();
        await using var other = await PostgresServer.StartNewAsync();
        var repository = new FakeRepository();
        await using (var first = RunningArchiver.Start(one, repository))
        {
            await first.CatchUpAsync(one);
        }

        await using var second = RunningArchiver.Start(other, repository);

        var failure = await Should.ThrowAsync<DrMeshException>(() => second.Ended.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System, Token));
        failure.Code.ShouldBe(DrMeshError.RepositoryLogConflict);
    }

    private static async Task ShouldEqualServerAsync(PostgresServer server, ILogArchive log, int atLeast)
    {
        var compared = 0;
        ulong? before = null;
        await foreach (var entry in log.ListAsync(new LogName("00000001", "0"), new LogName("00000001", "z"), Token))
        {
            var segment = (WalFileName.Segment)WalFileName.Parse(entry.Name.Name, WalSegmentSize.Default);
            if (before is { } number)
            {
                segment.Number.ShouldBe(number + 1, "a hole in the archive");
            }

            before = segment.Number;
            var file = Path.Combine(server.DataDirectory, "pg_wal", entry.Name.Name);
            if (File.Exists(file))
            {
                var content = (await log.ReadAsync(entry.Name, Token))!;
                (await File.ReadAllBytesAsync(file, Token)).AsSpan(0, content.Content.Length).SequenceEqual(content.Content.Span).ShouldBeTrue(entry.Name.ToString());
                compared++;
            }
        }

        compared.ShouldBeGreaterThanOrEqualTo(atLeast);
    }
}

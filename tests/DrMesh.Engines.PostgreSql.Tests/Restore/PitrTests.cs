using System.Globalization;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Restores;
using DrMesh.Engines.PostgreSql.Tests.Wal;
using DrMesh.TestKit.Repositories;
using DrMesh.TestKit.Servers;
using static DrMesh.Engines.PostgreSql.Tests.Backup.BackupFixture;

namespace DrMesh.Engines.PostgreSql.Tests.Restore;

/// <summary>One history, several ways to name a point of it: after the first row, before the second.</summary>
public sealed class PitrTests
{
    [Fact]
    public async Task RecoverAsync_BetweenTwoTransactions_FindsTheFirstAndNotTheSecond()
    {
        await using var server = await PostgresServer.StartNewAsync();
        var repository = new FakeRepository();
        await using var archiver = RunningArchiver.Start(server, repository);
        await server.ExecuteAsync("create table t(i int)");
        await BackUpAsync(server, repository, "base");
        var transaction = await server.ScalarAsync<string>("with x as (insert into t values (1) returning 1) select pg_current_xact_id()::text from x");
        var position = Lsn.Parse((await server.ScalarAsync<string>("select pg_current_wal_insert_lsn()::text"))!);
        await server.ExecuteAsync("select pg_create_restore_point('between')");
        var moment = await server.ScalarAsync<DateTime>("select clock_timestamp() from pg_sleep(0.05)");
        await server.ExecuteAsync("select pg_sleep(0.05); insert into t values (2)");
        await server.ExecuteAsync("create table filler as select i, repeat('x', 400) from generate_series(1, 50000) i");
        await archiver.CatchUpAsync(server);

        RecoveryTarget[] targets =
        [
            RecoveryTarget.At(new DateTimeOffset(moment, TimeSpan.Zero)),
            RecoveryTarget.Named("between"),
            RecoveryTarget.After(ulong.Parse(transaction!, CultureInfo.InvariantCulture)),
            RecoveryTarget.At(position) with { Inclusive = false },
        ];
        foreach (var target in targets)
        {
            await using var restored = await RestoreAsync(repository, "base", target);
            (await restored.Server.ScalarAsync<string>("select string_agg(i::text, ',' order by i) from t")).ShouldBe("1", target.ToString());
            restored.Reached.Miss(target).ShouldBeNull();
            restored.Reached.Timeline.ShouldBe(new TimelineId(2));
        }

        await using var latest = await RestoreAsync(repository, "base", RecoveryTarget.Latest);
        (await latest.Server.ScalarAsync<string>("select string_agg(i::text, ',' order by i) from t")).ShouldBe("1,2");
        (await FingerprintAsync(latest.Server)).ShouldBe(await FingerprintAsync(server));
        await using var immediate = await RestoreAsync(repository, "base", RecoveryTarget.Immediate);
        (await immediate.Server.ScalarAsync<long>("select count(*) from t")).ShouldBe(0);
    }

    [Fact]
    public async Task RecoverAsync_AnotherServerAtOneOfItsAddresses_AsksItsOwn()
    {
        await using var server = await PostgresServer.StartNewAsync(new Dictionary<string, string> { ["listen_addresses"] = "127.0.0.1, 127.0.0.9" });
        var repository = new FakeRepository();
        await using var archiver = RunningArchiver.Start(server, repository);
        await server.ExecuteAsync("create table t(i int)");
        await BackUpAsync(server, repository, "base");
        await server.ExecuteAsync("select pg_create_restore_point('here')");
        await archiver.CatchUpAsync(server);
        await using var stranger = await PostgresServer.StartNewAsync();

        await using var restored = await RestoreAsync(
            repository, "base", RecoveryTarget.Named("here"), settings: new Dictionary<string, string> { ["port"] = stranger.Port.ToString(CultureInfo.InvariantCulture) });

        restored.Reached.Timeline.ShouldBe(new TimelineId(2), "the stranger is on timeline 1");
    }

    [Fact]
    public async Task RecoverAsync_ShutdownAction_ServerStandsAtTheTarget()
    {
        await using var server = await PostgresServer.StartNewAsync();
        var repository = new FakeRepository();
        await using var archiver = await WriteAroundHereAsync(server, repository);
        var end = Lsn.Parse((await server.ScalarAsync<string>("select pg_current_wal_flush_lsn()::text"))!);
        await archiver.CatchUpAsync(server);

        await using var restored = await RestoreAsync(repository, "base", RecoveryTarget.Named("here") with { Action = RecoveryAction.Shutdown })
            .WaitAsync(TimeSpan.FromSeconds(50), TimeProvider.System, TestContext.Current.CancellationToken);

        restored.Reached.Position.ShouldBeLessThan(end);
        (restored.Server.Instance.ReadPostmasterPid() is null).ShouldBeTrue("it was to stop at the target");
    }

    [Fact]
    public async Task RecoverAsync_PauseAction_LeavesTheServerOpenForReading()
    {
        await using var server = await PostgresServer.StartNewAsync();
        var repository = new FakeRepository();
        await using var archiver = await WriteAroundHereAsync(server, repository);
        await archiver.CatchUpAsync(server);

        await using var restored = await RestoreAsync(repository, "base", RecoveryTarget.Named("here") with { Action = RecoveryAction.Pause });

        restored.Reached.IsInRecovery.ShouldBeTrue();
        (await restored.Server.ScalarAsync<long>("select count(*) from t")).ShouldBe(1);
    }

    [Fact]
    public async Task RecoverAsync_TargetAfterTheEnd_FailsWithWhatTheServerSays()
    {
        await using var server = await PostgresServer.StartNewAsync();
        var repository = new FakeRepository();
        await using var archiver = RunningArchiver.Start(server, repository);
        await BackUpAsync(server, repository, "base");
        await archiver.CatchUpAsync(server);

        var failure = await Should.ThrowAsync<DrMeshException>(() => RestoreAsync(repository, "base", RecoveryTarget.Named("never")));

        failure.Code.ShouldBe(DrMeshError.PostgresRecoveryFailed);
        failure.Message.ShouldContain("recovery ended before configured recovery target was reached");
    }

    [Fact]
    public async Task RecoverAsync_AcrossAPromotion_FollowsTheNewTimelineOrTheOldAsAsked()
    {
        await using var primary = await PostgresServer.StartNewAsync();
        await primary.ExecuteAsync("create table t(i int)");
        await using var standby = await PostgresServers.StartStandbyAsync(primary);
        var repository = new FakeRepository();
        await using (var before = RunningArchiver.Start(primary, repository))
        {
            await BackUpAsync(primary, repository, "base");
            await primary.ExecuteAsync("insert into t values (1)");
            await PostgresServers.CatchUpAsync(primary, standby);
            await standby.ExecuteAsync("select pg_promote()");
            await primary.ExecuteAsync("insert into t values (100)");
            await before.CatchUpAsync(primary);
        }

        await primary.StopAsync();
        await standby.ExecuteAsync("insert into t values (2)");
        await using var after = RunningArchiver.Start(standby, repository);
        await after.CatchUpAsync(standby);

        await using var latest = await RestoreAsync(repository, "base");
        (await latest.Server.ScalarAsync<string>("select string_agg(i::text, ',' order by i) from t")).ShouldBe("1,2");
        latest.Reached.Timeline.ShouldBe(new TimelineId(3));
        await using var old = await RestoreAsync(repository, "base", RecoveryTarget.Latest with { Timeline = new TimelineId(1) });
        (await old.Server.ScalarAsync<string>("select string_agg(i::text, ',' order by i) from t")).ShouldBe("1,100");
    }

    // One row before the restore point "here", one after it.
    private static async Task<RunningArchiver> WriteAroundHereAsync(PostgresServer server, FakeRepository repository)
    {
        var archiver = RunningArchiver.Start(server, repository);
        await BackUpAsync(server, repository, "base");
        await server.ExecuteAsync("create table t(i int); insert into t values (1)");
        await server.ExecuteAsync("select pg_create_restore_point('here')");
        await server.ExecuteAsync("insert into t values (2)");
        return archiver;
    }
}

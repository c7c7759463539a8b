using DrMesh.Contracts.Restores;
using DrMesh.Core.Restores.PostgreSql;
using DrMesh.Engines.PostgreSql.Restore;
using DrMesh.Engines.PostgreSql.Tests.Wal;
using DrMesh.TestKit.Repositories;
using DrMesh.TestKit.Servers;
using static DrMesh.Engines.PostgreSql.Tests.Backup.BackupFixture;

namespace DrMesh.Engines.PostgreSql.Tests.Restore;

public sealed class PitrFactsReaderTests
{
    [Fact]
    public async Task ReadAsync_ArchiveOfAServer_EndsAtTheLastCommitAndThatMomentCanBeReached()
    {
        await using var server = await PostgresServer.StartNewAsync(new Dictionary<string, string> { ["track_commit_timestamp"] = "on", ["autovacuum"] = "off" });
        var repository = new FakeRepository();
        await using var archiver = RunningArchiver.Start(server, repository);
        await BackUpAsync(server, repository, "base");
        await server.ExecuteAsync("create table t(i int); insert into t values (1)");
        await server.ExecuteAsync("create table filler as select i, repeat('x', 400) from generate_series(1, 60000) i");
        await server.ExecuteAsync("insert into t values (2)");
        var lastCommit = new DateTimeOffset(await server.ScalarAsync<DateTime>("select timestamp from pg_last_committed_xact()"), TimeSpan.Zero);
        await archiver.CatchUpAsync(server);

        var facts = await new PitrFactsReader(repository).ReadAsync("orders", new RestoreRates(null, null), cancellationToken: Token);

        var end = lastCommit.AddMicroseconds(-1);
        facts.Ranges.MaxBy(range => range.To)!.ToTime.ToString("O").ShouldBe(end.ToString("O"));
        var plan = PitrPlanner.Plan(RecoveryTarget.At(end), facts);
        plan.Refusal.ShouldBeNull();
        (plan.Backup, plan.DataLoss).ShouldBe(("base", TimeSpan.Zero));
        await using var restored = await RestoreAsync(repository, plan.Backup, plan.Target);
        (await restored.Server.ScalarAsync<long>("select count(*) from t")).ShouldBe(1, "the moment just before the second row");
        PitrPlanner.Plan(RecoveryTarget.At(lastCommit.AddSeconds(1)), facts).NearestBefore.ShouldBe(end);
    }

    [Fact]
    public async Task ReadAsync_NamedRestorePoints_AreFoundInWholeAndPartialSegments()
    {
        await using var server = await PostgresServer.StartNewAsync(new Dictionary<string, string> { ["autovacuum"] = "off" });
        var repository = new FakeRepository();
        await using var archiver = RunningArchiver.Start(server, repository);
        await BackUpAsync(server, repository, "base");
        await server.ExecuteAsync("create table t(i int); insert into t values (1)");
        await server.ExecuteAsync("select pg_create_restore_point('before release 42')");
        await server.ExecuteAsync("insert into t values (2)");
        await server.ExecuteAsync("select pg_switch_wal()");
        var expected = await server.ScalarAsync<string>("select pg_create_restore_point('after')::text");
        await server.ExecuteAsync("insert into t values (3)");
        await archiver.CatchUpAsync(server);

        var facts = await new PitrFactsReader(repository).ReadAsync("orders", new RestoreRates(null, null), findRestorePoints: true, Token);

        facts.RestorePoints.Select(point => point.Name).ShouldBe(["before release 42", "after"]);
        (facts.RestorePoints[1].Position - DrMesh.Contracts.Databases.Lsn.Parse(expected!)).ShouldBeInRange(0, 8);
        var plan = PitrPlanner.Plan(RecoveryTarget.Named("before release 42"), facts);
        plan.Refusal.ShouldBeNull();
        await using var restored = await RestoreAsync(repository, plan.Backup, plan.Target);
        (await restored.Server.ScalarAsync<long>("select count(*) from t")).ShouldBe(1);
        PitrPlanner.Plan(RecoveryTarget.Named("before release 41"), facts).Refusal!.ShouldContain("did you mean before release 42?");
    }
}

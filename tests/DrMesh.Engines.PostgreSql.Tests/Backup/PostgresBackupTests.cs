using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.PostgreSql;
using DrMesh.Engines.PostgreSql.Backup;
using DrMesh.TestKit;
using DrMesh.TestKit.Repositories;
using DrMesh.TestKit.Servers;
using static DrMesh.Engines.PostgreSql.Tests.Backup.BackupFixture;

namespace DrMesh.Engines.PostgreSql.Tests.Backup;

public sealed class PostgresBackupTests
{
    [Fact]
    public async Task RunAsync_UnderLoad_RestoresToASoundServerWithConsistentTables()
    {
        await using var server = await PostgresServer.StartNewAsync();
        await PostgresServers.InitializePgbenchAsync(server, scale: 2);
        var repository = new FakeRepository();
        using var stop = new CancellationTokenSource();
        var load = PostgresServers.LoadAsync(server, stop.Token);
        await Eventually.HoldsAsync(async () => await server.ScalarAsync<long>("select count(*) from pgbench_history") > 100, TimeSpan.FromSeconds(60), () => "no load", Token);

        var commit = await BackUpAsync(server, repository, "full");
        await stop.CancelAsync();
        await load;

        commit.Summary.Warnings.ShouldBeEmpty();
        await using var restored = await RestoreAsync(repository, "full");
        await ShouldBeSoundAsync(restored.Server);
        // pgbench moves the same amount in four places of one transaction; half a transaction would show here.
        (await restored.Server.ScalarAsync<bool>(
            """
            select (select sum(abalance) from pgbench_accounts) = (select sum(delta) from pgbench_history)
               and (select sum(bbalance) from pgbench_branches) = (select sum(delta) from pgbench_history)
               and (select sum(tbalance) from pgbench_tellers) = (select sum(delta) from pgbench_history)
            """)).ShouldBeTrue();
        restored.Reached.Position.ShouldBeGreaterThanOrEqualTo(PostgresBackupFacts.Parse(commit.Summary.Facts).StopLsn);
        restored.Reached.Timeline.ShouldBe(new TimelineId(2));
        (await restored.Server.ScalarAsync<string>("show archive_mode")).ShouldBe("off");
    }

    [Fact]
    public async Task RunAsync_TablespacesUnloggedAndTemporary_ComeBackAsTheyMust()
    {
        await using var server = await PostgresServer.StartNewAsync();
        var space = await server.MakeDirectoryAsync("space");
        await server.ExecuteAsync($"create tablespace roomy location '{space}'");
        await server.ExecuteAsync(
            """
            create table kept(i int) tablespace roomy; insert into kept select generate_series(1, 1000);
            create unlogged table scratch(i int); insert into scratch select generate_series(1, 100000);
            """);
        var repository = new FakeRepository();

        await BackUpAsync(server, repository, "full");

        var elsewhere = await server.MakeDirectoryAsync("elsewhere");
        await using var restored = await RestoreAsync(repository, "full", tablespaces: new Dictionary<string, string> { [space] = elsewhere });
        (await restored.Server.ScalarAsync<long>("select count(*) from kept")).ShouldBe(1000);
        (await restored.Server.ScalarAsync<long>("select count(*) from scratch")).ShouldBe(0);
        (await restored.Server.ScalarAsync<string>("select pg_tablespace_location(oid) from pg_tablespace where spcname = 'roomy'")).ShouldBe(elsewhere);
        var unlogged = await server.ScalarAsync<string>("select pg_relation_filepath('scratch')");
        await using var reader = await repository.OpenAsync(new("full"), Token);
        (await reader.FindFileAsync(unlogged!, Token)).ShouldBeNull("an unlogged table's pages are reset at the first start");
        (await reader.FindFileAsync(unlogged + "_init", Token)).ShouldNotBeNull();
    }

    [Fact]
    public async Task RunAsync_Incremental_StoresOnlyChangedPagesAndRestoresByItself()
    {
        await using var server = await PostgresServer.StartNewAsync(new Dictionary<string, string> { ["autovacuum"] = "off" });
        await PostgresServers.InitializePgbenchAsync(server, scale: 3);
        var repository = new FakeRepository();
        await BackUpAsync(server, repository, "full");
        var fullBytes = repository.StoredBytes;
        await server.ExecuteAsync("update pgbench_accounts set abalance = 7 where aid % 5000 = 1; create table later(i int); insert into later values (1)");
        var expected = await FingerprintAsync(server);

        var commit = await BackUpAsync(server, repository, "incremental");

        commit.Summary.Parent!.Value.Value.ShouldBe("full");
        (repository.StoredBytes - fullBytes).ShouldBeLessThan(fullBytes / 4, "60 rows on 60 pages changed, of 5,000 pages");
        await using var restored = await RestoreAsync(repository, "incremental");
        (await FingerprintAsync(restored.Server)).ShouldBe(expected);
        await ShouldBeSoundAsync(restored.Server);
    }

    [Fact]
    public async Task RunAsync_IncrementalWithNothingChanged_ReadsAlmostNothing()
    {
        await using var server = await PostgresServer.StartNewAsync(new Dictionary<string, string> { ["autovacuum"] = "off" });
        await PostgresServers.InitializePgbenchAsync(server, scale: 2);
        await server.ExecuteAsync("checkpoint");
        // Files must have rested for a moment before their times are trusted.
        var settled = TimeProvider.System.GetUtcNow().AddSeconds(3);
        await Eventually.HoldsAsync(() => Task.FromResult(TimeProvider.System.GetUtcNow() > settled), TimeSpan.FromSeconds(30), () => "the clock stands", Token);
        var repository = new FakeRepository();
        await BackUpAsync(server, repository, "full");
        var before = repository.StoredBytes;
        var read = new ReadCounter();

        await new PostgresBackup(server.ConnectionString, TimeProvider.System).RunAsync(
            new PostgresBackupRequest { Id = new("second"), Cluster = Cluster }, repository, read, Token);

        read.Last.DoneBytes.ShouldBe(read.Last.TotalBytes);
        read.Last.ReadBytes.ShouldBeLessThan(read.Last.TotalBytes / 20);
        (repository.StoredBytes - before).ShouldBeLessThan(17L << 20, "one WAL segment and little else");
    }

    [Fact]
    public async Task RunAsync_FileRewrittenWithItsOldTimes_IsReadAllTheSame()
    {
        await using var server = await PostgresServer.StartNewAsync(new Dictionary<string, string> { ["autovacuum"] = "off" });
        await server.ExecuteAsync("create table t(i int); insert into t values (1); checkpoint");
        var path = Path.Combine(server.DataDirectory, (await server.ScalarAsync<string>("select pg_relation_filepath('t')"))!);
        var repository = new FakeRepository();
        await BackUpAsync(server, repository, "full");
        var times = File.GetLastWriteTimeUtc(path);
        await server.ExecuteAsync("update t set i = 2; checkpoint");
        File.SetLastWriteTimeUtc(path, times);

        await BackUpAsync(server, repository, "second");

        await using var restored = await RestoreAsync(repository, "second");
        (await restored.Server.ScalarAsync<int>("select i from t")).ShouldBe(2);
    }

    [Fact]
    public async Task RunAsync_DamagedPage_IsNamedAndTheBackupMarked()
    {
        await using var server = await PostgresServer.StartNewAsync();
        await server.ExecuteAsync("create table t as select generate_series(1, 5000) i; checkpoint");
        var path = (await server.ScalarAsync<string>("select pg_relation_filepath('t')"))!;
        await server.StopAsync();
        await FlipByteAsync(Path.Combine(server.DataDirectory, path), (3 * 8192) + 4000);
        await server.StartAsync();
        var repository = new FakeRepository();

        var commit = await BackUpAsync(server, repository, "full");
        var next = await BackUpAsync(server, repository, "second");

        commit.Summary.Warnings.Single().ShouldStartWith($"{path}: page 3 is damaged");
        PostgresBackupFacts.Parse(commit.Summary.Facts).BadPages.ShouldBe(1);
        next.Summary.Warnings.ShouldBe(commit.Summary.Warnings, "what was not read again is not sound by that");
    }

    [Fact]
    public async Task RunAsync_SameId_IsDoneOnce()
    {
        await using var server = await PostgresServer.StartNewAsync();
        var repository = new FakeRepository();
        var first = await BackUpAsync(server, repository, "full");
        await server.KillAsync();

        (await BackUpAsync(server, repository, "full")).Summary.ShouldBe(first.Summary);
    }

    [Fact]
    public async Task RunAsync_ServerKilledMeanwhile_FailsClearlyAndRecordsNothing()
    {
        await using var server = await PostgresServer.StartNewAsync();
        var repository = new FakeRepository();
        var backup = new PostgresBackup(server.ConnectionString, TimeProvider.System).RunAsync(
            new PostgresBackupRequest { Id = new("full"), Cluster = Cluster, Parallelism = 1 }, new HeldRepository(repository, server.KillAsync), null, Token);

        var failure = await Should.ThrowAsync<DrMeshException>(backup);

        failure.Code.ShouldBe(DrMeshError.PostgresConnectionLost);
        failure.Hint.ShouldContain("nothing was recorded");
        (await repository.FindAsync(new("full"), Token)).ShouldBeNull();
        await server.StartAsync();
        (await BackUpAsync(server, repository, "full")).Summary.Id.Value.ShouldBe("full");
    }

    private static async Task FlipByteAsync(string path, long offset)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        file.Position = offset;
        var value = file.ReadByte();
        file.Position = offset;
        file.WriteByte((byte)(value ^ 0x40));
    }

    private sealed class ReadCounter : IProgress<BackupProgress>
    {
        public BackupProgress Last { get; private set; }

        public void Report(BackupProgress value) => Last = value;
    }
}

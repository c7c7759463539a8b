using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups.PostgreSql;
using DrMesh.Engines.PostgreSql.Backup;
using DrMesh.TestKit.Repositories;
using DrMesh.TestKit.Servers;
using static DrMesh.Engines.PostgreSql.Tests.Backup.BackupFixture;

namespace DrMesh.Engines.PostgreSql.Tests.Backup;

public sealed class StandbyBackupTests
{
    [Fact]
    public async Task RunAsync_FromAStandby_RestoresWhatItHad()
    {
        await using var primary = await PostgresServer.StartNewAsync();
        await PostgresServers.InitializePgbenchAsync(primary);
        await using var standby = await PostgresServers.StartStandbyAsync(primary);
        await primary.ExecuteAsync("create table t as select generate_series(1, 5000) i");
        var expected = await FingerprintAsync(primary);
        await PostgresServers.CatchUpAsync(primary, standby);
        var repository = new FakeRepository();

        var commit = await BackUpAsync(standby, repository, "full");

        PostgresBackupFacts.Parse(commit.Summary.Facts).FromStandby.ShouldBeTrue();
        await using var restored = await RestoreAsync(repository, "full");
        (await FingerprintAsync(restored.Server)).ShouldBe(expected);
        await ShouldBeSoundAsync(restored.Server);
    }

    [Fact]
    public async Task RunAsync_StandbyPromotedMeanwhile_FailsClearlyAndRecordsNothing()
    {
        await using var primary = await PostgresServer.StartNewAsync();
        await using var standby = await PostgresServers.StartStandbyAsync(primary);
        var repository = new FakeRepository();
        var backup = new PostgresBackup(standby.ConnectionString, TimeProvider.System).RunAsync(
            new PostgresBackupRequest { Id = new("full"), Cluster = Cluster },
            new HeldRepository(repository, () => standby.ExecuteAsync("select pg_promote()")),
            null,
            Token);

        var failure = await Should.ThrowAsync<DrMeshException>(backup);

        failure.Code.ShouldBe(DrMeshError.PostgresChangedDuringBackup);
        failure.Message.ShouldContain("promoted");
        (await repository.FindAsync(new("full"), Token)).ShouldBeNull();
    }
}

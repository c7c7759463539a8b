using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.PostgreSql;
using DrMesh.Engines.PostgreSql.Backup;
using DrMesh.Engines.PostgreSql.Replication;
using DrMesh.TestKit.Repositories;
using DrMesh.TestKit.Servers;
using Npgsql;
using static DrMesh.Engines.PostgreSql.Tests.Backup.BackupFixture;

namespace DrMesh.Engines.PostgreSql.Tests.Backup;

public sealed class RemotePostgresBackupTests
{
    [Fact]
    public async Task RunAsync_FullThenIncremental_StoresChangedPagesAndRestoresEach()
    {
        await using var server = await PostgresServer.StartNewAsync(new Dictionary<string, string> { ["autovacuum"] = "off" });
        var space = await server.MakeDirectoryAsync("space");
        await server.ExecuteAsync($"create tablespace roomy location '{space}'");
        await PostgresServers.InitializePgbenchAsync(server, scale: 3);
        await server.ExecuteAsync("create table kept(i int) tablespace roomy; insert into kept select generate_series(1, 1000)");
        var repository = new FakeRepository();
        await RemoteAsync(server.ConnectionString, repository, "full");
        var fullBytes = repository.StoredBytes;
        await server.ExecuteAsync("update pgbench_accounts set abalance = 7 where aid % 5000 = 1");
        var expected = await FingerprintAsync(server);

        await RemoteAsync(server.ConnectionString, repository, "incremental");

        (repository.StoredBytes - fullBytes).ShouldBeLessThan(fullBytes / 2, "one WAL segment and 60 pages");
        var elsewhere = await server.MakeDirectoryAsync("elsewhere");
        await using var restored = await RestoreAsync(repository, "incremental", tablespaces: new Dictionary<string, string> { [space] = elsewhere });
        (await FingerprintAsync(restored.Server)).ShouldBe(expected);
        await ShouldBeSoundAsync(restored.Server);
    }

    [Fact]
    public async Task RunAsync_WithScramPassword_Authenticates()
    {
        await using var server = await PostgresServer.StartNewAsync();
        await server.ExecuteAsync("create role copier login superuser replication password 's3cret'");
        var hba = Path.Combine(server.DataDirectory, "pg_hba.conf");
        await File.WriteAllTextAsync(hba, "host all,replication copier 127.0.0.1/32 scram-sha-256\n" + await File.ReadAllTextAsync(hba, Token), Token);
        await server.ExecuteAsync("select pg_reload_conf()");
        var settings = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Username = "copier", Password = "s3cret" };
        var repository = new FakeRepository();

        var commit = await RemoteAsync(settings.ConnectionString, repository, "full");

        PostgresBackupFacts.Parse(commit.Summary.Facts).HasWal.ShouldBeTrue();
        settings.Password = "wrong";
        var refused = await Should.ThrowAsync<DrMeshException>(() => ReplicationClient.OpenAsync(settings.ConnectionString, Token));
        refused.Message.ShouldContain("password authentication failed");
    }

    [Fact]
    public async Task RunAsync_DamagedPage_IsNamedAndTheBackupMarked()
    {
        await using var server = await PostgresServer.StartNewAsync();
        await server.ExecuteAsync("create table t as select generate_series(1, 5000) i; checkpoint");
        var path = (await server.ScalarAsync<string>("select pg_relation_filepath('t')"))!;
        await server.StopAsync();
        var bytes = await File.ReadAllBytesAsync(Path.Combine(server.DataDirectory, path), Token);
        bytes[(5 * 8192) + 3000] ^= 0x10;
        await File.WriteAllBytesAsync(Path.Combine(server.DataDirectory, path), bytes, Token);
        await server.StartAsync();

        var commit = await RemoteAsync(server.ConnectionString, new FakeRepository(), "full");

        commit.Summary.Warnings.Single().ShouldStartWith($"{path}: page 5 is damaged");
    }

    private static Task<BackupCommit> RemoteAsync(string connectionString, FakeRepository repository, string id) =>
        new RemotePostgresBackup(connectionString, TimeProvider.System).RunAsync(
            new PostgresBackupRequest { Id = new(id), Cluster = Cluster }, repository, null, Token);
}

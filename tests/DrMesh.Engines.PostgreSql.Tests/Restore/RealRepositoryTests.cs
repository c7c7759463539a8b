using DrMesh.Contracts.Restores;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.PostgreSql;
using DrMesh.Core.Restores.PostgreSql;
using DrMesh.Engines.PostgreSql.Backup;
using DrMesh.Engines.PostgreSql.Hosting;
using DrMesh.Engines.PostgreSql.Restore;
using DrMesh.Engines.PostgreSql.Wal;
using DrMesh.Engines.Repository.Hosting;
using DrMesh.Engines.Repository.Keys;
using DrMesh.TestKit;
using DrMesh.TestKit.Servers;
using static DrMesh.Engines.PostgreSql.Tests.Backup.BackupFixture;

namespace DrMesh.Engines.PostgreSql.Tests.Restore;

/// <summary>The whole way through a repository on disk, compressed and encrypted: full, incremental, WAL, restore, delta restore.</summary>
public sealed class RealRepositoryTests
{
    [Fact]
    public async Task RestoreAndDelta_ThroughARepositoryOnDisk_EqualTheSource()
    {
        using var store = await TestDirectory.CreateAsync();
        await using var repository = await OpenAsync(store);
        await using var server = await PostgresServer.StartNewAsync();
        using var stop = new CancellationTokenSource();
        var archiver = new WalArchiver(server.ConnectionString, new WalArchiveOptions { Cluster = Cluster }, repository, TimeProvider.System);
        var archiving = archiver.RunAsync(stop.Token);
        await PostgresServers.InitializePgbenchAsync(server, scale: 2);
        var backup = new PostgresBackup(server.ConnectionString, TimeProvider.System);
        await backup.RunAsync(new PostgresBackupRequest { Id = new("full"), Cluster = Cluster }, repository, null, Token);
        await server.ExecuteAsync("update pgbench_accounts set abalance = 1 where aid % 1000 = 0");
        await backup.RunAsync(new PostgresBackupRequest { Id = new("second"), Cluster = Cluster }, repository, null, Token);
        await server.ExecuteAsync("create table after_backup as select generate_series(1, 1000) i");
        var written = Contracts.Databases.Lsn.Parse((await server.ScalarAsync<string>("select pg_current_wal_flush_lsn()::text"))!);
        await Eventually.HoldsAsync(
            () => Task.FromResult(archiver.Status.Tiers.All(tier => tier.Position >= written)), TimeSpan.FromSeconds(60), () => $"{archiver.Status}", Token);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => archiving);
        var expected = await FingerprintAsync(server);

        var install = PostgresInstall.Find();
        var directory = await TestDirectory.CreateAsync(install.User);
        var restore = new PostgresRestore(install, "Host=127.0.0.1;Username=postgres;Database=postgres", TimeProvider.System);
        var request = new PostgresRestoreRequest
        {
            Backup = new("second"),
            TargetDirectory = Path.Combine(directory.Path, "data"),
            Target = RecoveryTarget.Latest,
            Port = LoopbackPort.Next(),
            Settings = new Dictionary<string, string> { ["unix_socket_directories"] = directory.Path },
        };
        var report = await restore.RestoreFilesAsync(request, repository, null, Token);
        await using var restored = await PostgresServer.AdoptAsync(directory, request.TargetDirectory);
        request = request with { Port = restored.Port };
        await restore.RecoverAsync(request, repository, null, Token);
        (await FingerprintAsync(restored)).ShouldBe(expected);
        await ShouldBeSoundAsync(restored);

        // Some damage and some strangers; a delta restore puts it right and writes little.
        await restored.ExecuteAsync("update pgbench_accounts set abalance = 99 where aid < 100; create table stranger(i int); checkpoint");
        await restored.StopAsync();
        var delta = await restore.RestoreFilesAsync(request with { IsDelta = true }, repository, null, Token);
        delta.WrittenBytes.ShouldBeLessThan(report.TotalBytes / 2);
        await restore.RecoverAsync(request, repository, null, Token);
        (await FingerprintAsync(restored)).ShouldBe(expected);
        await ShouldBeSoundAsync(restored);
    }

    private static async Task<IBackupRepository> OpenAsync(TestDirectory directory)
    {
        var key = Path.Combine(directory.Path, "key");
        KeyFile.Create(key);
        return await RepositoryHosting.CreateFactory(TimeProvider.System).OpenAsync(
            new RepositoryDescription
            {
                Tiers = [new TierAddress { Name = "hot", Url = $"file://{directory.Path}/store", Key = $"file://{key}" }],
                Create = true,
            },
            Token);
    }
}

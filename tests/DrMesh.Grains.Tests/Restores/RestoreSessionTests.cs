using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Restores;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Backups.Sessions;
using DrMesh.Core.Restores.Sessions;
using DrMesh.Engines.PostgreSql.Hosting;
using DrMesh.Grains.Tests.Backups;
using DrMesh.TestKit;
using DrMesh.TestKit.Crash;
using Npgsql;

namespace DrMesh.Grains.Tests.Restores;

/// <summary>Restore sessions on a real server and a real repository.</summary>
public sealed class RestoreSessionTests
{
    private static readonly StartBackup Backup = new() { Cluster = FixedEstate.Cluster };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task S3_SiloKilledAroundEveryWrite_RestoredServerHasTheRows()
    {
        await using var world = await BackupCluster.StartAsync();
        await world.Server.ExecuteAsync("create table t as select generate_series(1, 500) i");
        await using var kit = await CrashKit.StartAsync<RestorePlan>(world.Wire);
        (await kit.RunAsync(new SessionId("backup-1"), (grains, session) => grains.GetGrain<IBackupSessionGrain>(session.Value).Start(Backup)))
            .Status.ShouldBe(SessionStatus.Succeeded);
        // One after another, so that they end alike.
        var port = LoopbackPort.Next();

        var tried = await kit.CrashEverywhereAsync(
            run => new SessionId($"restore-{run}"),
            (grains, session) => grains.GetGrain<IRestoreSessionGrain>(session.Value).Start(Target(world, session.Value, port)),
            session => DescribeAndStop(Target(world, session.Value, port)),
            point => point.Manner == CrashManner.SiloDies);

        tried.ShouldBeGreaterThan(6);
    }

    [Fact]
    public async Task Restore_ToTheEndOfABackup_ServerHasTheRows()
    {
        await using var world = await BackupCluster.StartAsync();
        await world.Server.ExecuteAsync("create table t as select generate_series(1, 500) i");
        await using var kit = await CrashKit.StartAsync<BackupPlan>(world.Wire);
        await kit.RunAsync(new SessionId("backup-1"), (grains, session) => grains.GetGrain<IBackupSessionGrain>(session.Value).Start(Backup));
        var catalogue = kit.Grains.GetGrain<IBackupCatalogueGrain>("orders");
        (await catalogue.List(new BackupFilter(), Cancellation)).ShouldHaveSingleItem().Id.Value.ShouldBe("backup-1");
        (await kit.Grains.GetGrain<IRestorePlannerGrain>("orders").Windows(Cancellation)).ShouldNotBeEmpty();

        var target = Target(world, "restored", LoopbackPort.Next());
        var ended = await kit.RunAsync(new SessionId("restore-1"), (grains, session) => grains.GetGrain<IRestoreSessionGrain>(session.Value).Start(target));

        ended.Status.ShouldBe(SessionStatus.Succeeded, ended.Outcome);
        DescribeAndStop(target).ShouldBe("500 rows");

        (await catalogue.Delete(new DeleteBackup { Id = new BackupId("backup-1"), Reason = "test" }, Cancellation)).IsRemoved.ShouldBeFalse("it is the only one");
    }

    [Fact]
    public async Task Restore_OntoARunningMember_IsRefused()
    {
        await using var world = await BackupCluster.StartAsync();
        await using var kit = await CrashKit.StartAsync<RestorePlan>(world.Wire);
        var target = new StartRestore
        {
            Cluster = FixedEstate.Cluster, Target = RecoveryTarget.Latest, Node = FixedEstate.Node, Directory = world.Server.DataDirectory, Port = 1,
        };

        var result = await kit.Grains.GetGrain<IRestoreSessionGrain>("restore-1").Start(target, Cancellation);

        result.Outcome.ShouldBe(StartOutcome.Refused);
        result.Reason.ShouldNotBeNull().ShouldContain("member a of orders lives at");
    }

    private static StartRestore Target(BackupCluster world, string directory, int port) => new()
    {
        Cluster = FixedEstate.Cluster,
        Target = RecoveryTarget.Immediate,
        Node = FixedEstate.Node,
        Directory = Path.Combine(world.Directory.Path, directory),
        Port = port,
    };

    private static string DescribeAndStop(StartRestore target)
    {
        try
        {
            using var connection = new NpgsqlConnection($"Host=127.0.0.1;Port={target.Port};Username=postgres;Database=postgres;Pooling=false");
            connection.Open();
            using var command = new NpgsqlCommand("select count(*) || ' rows' from t", connection);
            return (string)command.ExecuteScalar()!;
        }
        finally
        {
            new PostgresInstance(PostgresInstall.Find(), target.Directory).StopAsync(ShutdownMode.Immediate, TimeSpan.FromSeconds(30), CancellationToken.None).GetAwaiter().GetResult();
        }
    }
}

using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Restores;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Backups.Sessions;
using DrMesh.Core.Restores.Sessions;
using DrMesh.Engines.PostgreSql.Hosting;
using DrMesh.TestKit;
using DrMesh.TestKit.Crash;
using Npgsql;

namespace DrMesh.Grains.Tests.Backups;

/// <summary>Backup and restore sessions on a real server and a real repository.</summary>
public sealed class BackupSessionTests
{
    private static readonly StartBackup Request = new() { Cluster = FixedEstate.Cluster };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task S3_SiloKilledAroundEveryWrite_BackupIsWholeAndRecordedOnce()
    {
        await using var world = await BackupCluster.StartAsync();
        await world.Server.ExecuteAsync("create table t as select g, md5(g::text) from generate_series(1, 1000) g");
        await using var kit = await CrashKit.StartAsync<BackupPlan>(world.Wire);
        var backups = new List<BackupId>();

        var tried = await kit.CrashEverywhereAsync(
            run => new SessionId($"backup-{run}"),
            (grains, session) => grains.GetGrain<IBackupSessionGrain>(session.Value).Start(Request),
            session =>
            {
                backups.Add(new BackupId(session.Value));
                return "recorded";
            },
            point => point.Manner == CrashManner.SiloDies);

        tried.ShouldBeGreaterThan(8);
        await using var repository = await world.OpenRepositoryAsync();
        var found = new List<BackupId>();
        await foreach (var summary in repository.ListAsync(FixedEstate.Cluster.Value, Cancellation))
        {
            found.Add(summary.Id);
        }

        found.Order(Comparer<BackupId>.Create((a, b) => string.CompareOrdinal(a.Value, b.Value)))
            .ShouldBe(backups.Order(Comparer<BackupId>.Create((a, b) => string.CompareOrdinal(a.Value, b.Value))));
        (await repository.VerifyAsync(new Core.Backups.VerifyRequest(), null, Cancellation)).Damages.ShouldBeEmpty();
    }

    [Fact]
    public async Task Start_UnknownCluster_IsRefusedWithTheNearest()
    {
        await using var world = await BackupCluster.StartAsync();
        await using var kit = await CrashKit.StartAsync<BackupPlan>(world.Wire);

        var result = await kit.Grains.GetGrain<IBackupSessionGrain>("backup-1").Start(Request with { Cluster = new ClusterId("order") }, Cancellation);

        result.Outcome.ShouldBe(StartOutcome.Refused);
        result.Error.ShouldBe(DrMeshError.EstateUnknownName);
        result.Hint.ShouldBe("did you mean orders?");
    }

    [Fact]
    public async Task Run_ServerDown_FailsWithTheReasonAndRecordsNothing()
    {
        await using var world = await BackupCluster.StartAsync();
        await using var kit = await CrashKit.StartAsync<BackupPlan>(world.Wire);
        await world.Server.StopAsync();

        var ended = await kit.RunAsync(new SessionId("backup-1"), (grains, session) => grains.GetGrain<IBackupSessionGrain>(session.Value).Start(Request));

        ended.Status.ShouldBe(SessionStatus.Failed);
        ended.Outcome.ShouldNotBeNull().ShouldContain("east/db1: it does not answer");
        (await kit.Grains.GetGrain<IBackupCatalogueGrain>("orders").List(new BackupFilter(), Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Restore_ToTheEndOfABackup_ServerHasTheRows()
    {
        await using var world = await BackupCluster.StartAsync();
        await world.Server.ExecuteAsync("create table t as select generate_series(1, 500) i");
        await using var kit = await CrashKit.StartAsync<BackupPlan>(world.Wire);
        await kit.RunAsync(new SessionId("backup-1"), (grains, session) => grains.GetGrain<IBackupSessionGrain>(session.Value).Start(Request));
        var catalogue = kit.Grains.GetGrain<IBackupCatalogueGrain>("orders");
        (await catalogue.List(new BackupFilter(), Cancellation)).ShouldHaveSingleItem().Id.Value.ShouldBe("backup-1");
        (await kit.Grains.GetGrain<IRestorePlannerGrain>("orders").Windows(Cancellation)).ShouldNotBeEmpty();

        var target = new StartRestore
        {
            Cluster = FixedEstate.Cluster,
            Target = RecoveryTarget.Immediate,
            Node = FixedEstate.Node,
            Directory = Path.Combine(world.Directory.Path, "restored"),
            Port = LoopbackPort.Next(),
        };
        var ended = await kit.RunAsync(new SessionId("restore-1"), (grains, session) => grains.GetGrain<IRestoreSessionGrain>(session.Value).Start(target));

        ended.Status.ShouldBe(SessionStatus.Succeeded, ended.Outcome);
        try
        {
            (await CountAsync(target.Port)).ShouldBe(500);
        }
        finally
        {
            await new PostgresInstance(PostgresInstall.Find(), target.Directory).StopAsync(ShutdownMode.Immediate, TimeSpan.FromSeconds(30), Cancellation);
        }

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

    private static async Task<long> CountAsync(int port)
    {
        await using var connection = new NpgsqlConnection($"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres;Pooling=false");
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand("select count(*) from t", connection);
        return (long)(await command.ExecuteScalarAsync(Cancellation))!;
    }
}

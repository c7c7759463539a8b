using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Backups.Sessions;
using DrMesh.TestKit.Crash;

namespace DrMesh.Grains.Tests.Backups;

/// <summary>Backup sessions on a real server and a real repository.</summary>
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
}

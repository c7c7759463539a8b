using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Restores;
using DrMesh.Core.Backups.PostgreSql;
using DrMesh.Core.Restores.PostgreSql;

namespace DrMesh.Core.Tests.Restores.PostgreSql;

public sealed class PitrPlannerTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimelineHistory Root = TimelineHistory.Root(new TimelineId(1));

    [Fact]
    public void Plan_TimeBetweenTwoBackups_TakesTheNewestBefore()
    {
        var plan = PitrPlanner.Plan(RecoveryTarget.At(Noon.AddMinutes(30)), Facts([Backup("a", 100, 0), Backup("b", 500, 20), Backup("c", 900, 40)], [Range(1, 0, 1000, -10, 60)]));

        plan.Refusal.ShouldBeNull();
        plan.Backup.ShouldBe("b");
        plan.Tier.ShouldBe("hot");
        plan.LogFrom.ShouldBe(new Lsn(500).ToString());
        plan.DataLoss.ShouldBe(TimeSpan.FromMinutes(30));
        plan.Steps.Select(step => step.Name).ShouldBe(["CheckTarget", "RestoreBase", "ConfigureRecovery", "ReplayLog", "ValidateReached", "FinishRecovery"]);
        plan.Rollback.ShouldNotBeEmpty();
    }

    [Fact]
    public void Plan_TimeInAHole_IsRefusedWithTheNearestMomentsOnBothSides()
    {
        var facts = Facts(
            [Backup("a", 100, 0), Backup("b", 700, 40)],
            [Range(1, 0, 300, -10, 10), Range(1, 600, 1000, 35, 60)]);

        var plan = PitrPlanner.Plan(RecoveryTarget.At(Noon.AddMinutes(30)), facts);

        plan.IsPossible.ShouldBeFalse();
        plan.NearestBefore.ShouldBe(Noon.AddMinutes(10));
        plan.NearestAfter.ShouldBe(Noon.AddMinutes(40));
        plan.Refusal!.ShouldContain("outside every recovery window");
    }

    [Fact]
    public void Plan_TimeAfterTheHead_IsRefusedWithTheHead()
    {
        var plan = PitrPlanner.Plan(RecoveryTarget.At(Noon.AddHours(2)), Facts([Backup("a", 100, 0)], [Range(1, 0, 1000, -10, 60)]));

        plan.NearestBefore.ShouldBe(Noon.AddMinutes(60));
        plan.NearestAfter.ShouldBeNull();
    }

    [Fact]
    public void Plan_PositionInsideABackup_TakesTheOneBefore()
    {
        // Backup b began before the position but is consistent only after it.
        var plan = PitrPlanner.Plan(RecoveryTarget.At(new Lsn(520)), Facts([Backup("a", 100, 0), Backup("b", 500, 20)], [Range(1, 0, 1000, -10, 60)]));

        plan.Backup.ShouldBe("a");
        plan.LogTo.ShouldBe(new Lsn(520).ToString());
        plan.LogBytes.ShouldBe(420);
        plan.DroppedLogBytes.ShouldBe(480);
    }

    [Fact]
    public void Plan_BackupWithAHoleInItsOwnWal_IsNotUsed()
    {
        var plan = PitrPlanner.Plan(RecoveryTarget.Latest, Facts([Backup("a", 100, 0)], [Range(1, 0, 120, -10, 0), Range(1, 200, 1000, 1, 60)]));

        plan.Refusal.ShouldBe("no base backup has all of its own WAL in the archive");
    }

    [Fact]
    public void Plan_AcrossAPromotion_FollowsTheNewTimeline()
    {
        var second = TimelineHistory.Parse(new TimelineId(2), $"1\t{new Lsn(600)}\tpromoted\n");
        var facts = Facts([Backup("a", 100, 0)], [Range(1, 0, 800, -10, 30), Range(2, 600, 1000, 25, 60)]) with { Histories = [Root, second] };

        var latest = PitrPlanner.Plan(RecoveryTarget.Latest, facts);
        var old = PitrPlanner.Plan(RecoveryTarget.Latest with { Timeline = new TimelineId(1) }, facts);

        (latest.Timeline, latest.LogTo).ShouldBe(("2", new Lsn(1000).ToString()));
        (old.Timeline, old.LogTo).ShouldBe(("1", new Lsn(800).ToString()));
    }

    [Fact]
    public void Plan_BackupOfAnAbandonedFuture_IsNotUsedOnTheNewTimeline()
    {
        var second = TimelineHistory.Parse(new TimelineId(2), $"1\t{new Lsn(600)}\trestored\n");
        var facts = Facts([Backup("a", 100, 0), Backup("b", 700, 28)], [Range(1, 0, 800, -10, 30), Range(2, 600, 1000, 25, 60)]) with { Histories = [Root, second] };

        PitrPlanner.Plan(RecoveryTarget.Latest, facts).Backup.ShouldBe("a");
    }

    [Fact]
    public void Plan_KnownRestorePoint_IsPlacedByItsPosition()
    {
        var facts = Facts([Backup("a", 100, 0), Backup("b", 500, 20)], [Range(1, 0, 1000, -10, 60)]) with
        {
            RestorePoints = [new RestorePoint("before_deploy", new TimelineId(1), new Lsn(300), Noon.AddMinutes(10))],
        };

        PitrPlanner.Plan(RecoveryTarget.Named("before_deploy"), facts).Backup.ShouldBe("a");
        PitrPlanner.Plan(RecoveryTarget.Named("after_deploy"), facts).Refusal!.ShouldContain("after_deploy");
    }

    [Fact]
    public void Plan_Transaction_TakesTheNewestBackupThatHadNotSeenIt()
    {
        var facts = Facts([Backup("a", 100, 0), Backup("b", 500, 20)], [Range(1, 0, 1000, -10, 60)]);

        PitrPlanner.Plan(RecoveryTarget.After(499), facts).Backup.ShouldBe("a");
        PitrPlanner.Plan(RecoveryTarget.After(500), facts).Backup.ShouldBe("b");
    }

    [Fact]
    public void Plan_WithRates_AddsRestoreAndReplay()
    {
        var facts = Facts([Backup("a", 100, 0)], [Range(1, 0, 1000, -10, 60)]) with { Rates = new RestoreRates(Restore: 1000, Replay: 100) };

        PitrPlanner.Plan(RecoveryTarget.At(new Lsn(1000)), facts).Estimate.ShouldBe(TimeSpan.FromSeconds(5 + 9));
        PitrPlanner.Plan(RecoveryTarget.At(new Lsn(1000)), facts with { Rates = new RestoreRates(1000, null) }).Estimate.ShouldBeNull();
    }

    [Fact]
    public void Plan_UnknownTimeline_IsRefused() =>
        PitrPlanner.Plan(RecoveryTarget.Latest with { Timeline = new TimelineId(7) }, Facts([Backup("a", 100, 0)], [Range(1, 0, 1000, -10, 60)]))
            .Refusal!.ShouldContain("timeline 7");

    // A backup that began at a position, took 50 bytes of WAL and ended so many minutes after noon; its next transaction id equals the position.
    private static BackupPoint Backup(string id, ulong start, int minutes) => new()
    {
        Id = id,
        Timeline = new TimelineId(1),
        Start = new Lsn(start),
        Stop = new Lsn(start + 50),
        StopTime = Noon.AddMinutes(minutes),
        NextTransaction = start,
        Bytes = 5000,
        Tiers = ["hot", "cold"],
    };

    private static WalRange Range(uint timeline, ulong from, ulong to, int fromMinutes, int toMinutes) =>
        new(new TimelineId(timeline), new Lsn(from), new Lsn(to), Noon.AddMinutes(fromMinutes), Noon.AddMinutes(toMinutes));

    private static PitrFacts Facts(IReadOnlyList<BackupPoint> backups, IReadOnlyList<WalRange> ranges) =>
        new([Root], backups, ranges, [], new RestoreRates(null, null));
}

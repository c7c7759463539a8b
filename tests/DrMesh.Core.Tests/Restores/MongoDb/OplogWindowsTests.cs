using CsCheck;
using DrMesh.Contracts.Restores;
using DrMesh.Core.Backups.MongoDb;
using DrMesh.Core.Restores.MongoDb;

namespace DrMesh.Core.Tests.Restores.MongoDb;

public sealed class OplogWindowsTests
{
    private static readonly OplogPoint[] Backups = [new("late", At(40), 10, ["hot"]), new("early", At(2), 7, ["hot"]), new("alone", At(20), 1, ["hot"])];
    private static readonly (OplogSliceName, long)[] Slices = [(Slice(5, 8), 100), (Slice(1, 5), 50), (Slice(30, 45), 30)];

    [Fact]
    public void Of_EndsWhereTheSlicesDoOrAtAHole()
    {
        var windows = OplogWindows.Of(Backups, Slices.Select(slice => slice.Item1));

        windows.Select(window => (window.Backup, window.FromPosition, window.ToPosition, window.EndsAt)).ShouldBe(
            [("early", "2:1@1", "8:1@1", "hole"), ("alone", "20:1@1", "20:1@1", "hole"), ("late", "40:1@1", "45:1@1", "head")]);
        windows.Select(window => (window.From.ToUnixTimeSeconds(), window.To.ToUnixTimeSeconds())).ShouldBe([(2, 7), (20, 20), (40, 44)]);
    }

    [Fact]
    public void Plan_WithinAWindow_IsFromItsBackup()
    {
        var plan = OplogPitrPlanner.Plan(RecoveryTarget.At(Second(6)), Backups, Slices);

        plan.Refusal.ShouldBeNull();
        (plan.Backup, plan.Tier, plan.LogFrom, plan.LogBytes, plan.DataLoss).ShouldBe(("early", "hot", "2:1@1", 150, TimeSpan.FromSeconds(2)));
        OplogPitrPlanner.Plan(RecoveryTarget.Latest, Backups, Slices).LogTo.ShouldBe("45:1@1");
        OplogPitrPlanner.Plan(RecoveryTarget.Immediate, Backups, Slices).LogTo.ShouldBe("40:1@1");
    }

    [Fact]
    public void Plan_OutsideEveryWindow_NamesTheNearest()
    {
        var plan = OplogPitrPlanner.Plan(RecoveryTarget.At(Second(12)), Backups, Slices);

        plan.Refusal.ShouldNotBeNull().ShouldContain("lies outside every recovery window; the nearest windows are 1970-01-01 00:00:02Z to 1970-01-01 00:00:07Z (2:1@1 to 8:1@1) and 1970-01-01 00:00:20Z");
        plan.NearestBefore.ShouldBe(Second(7));
        plan.NearestAfter.ShouldBe(Second(20));
        OplogPitrPlanner.Plan(RecoveryTarget.At(Second(99)), Backups, Slices).NearestAfter.ShouldBeNull();
        OplogPitrPlanner.Plan(RecoveryTarget.Named("x"), Backups, Slices).Refusal.ShouldNotBeNull().ShouldContain("is a target of PostgreSQL");
        OplogPitrPlanner.Plan(RecoveryTarget.Latest, [], Slices).Refusal.ShouldBe("there is no backup of it");
    }

    [Fact]
    public void Of_EveryMomentInAWindow_HasAPath() =>
        Gen.Select(Gen.UInt[1, 60].Array[1, 4], Gen.Select(Gen.UInt[1, 60], Gen.UInt[1, 10]).Array[0, 8]).Sample((positions, slices) =>
        {
            var names = slices.Select(slice => Slice(slice.Item1, slice.Item1 + slice.Item2)).ToArray();
            foreach (var window in OplogWindows.Of(positions.Select((position, number) => new OplogPoint($"{number}", At(position), 1, [])), names))
            {
                OpTime.TryParse(window.FromPosition, out var from).ShouldBeTrue();
                OpTime.TryParse(window.ToPosition, out var to).ShouldBeTrue();
                OplogChain.Path(names, from, to).ShouldNotBeNull();
                OplogChain.Path(names, from, to with { Increment = 2 }).ShouldBeNull("the window is as long as the slices lead");
            }
        });

    private static OpTime At(uint seconds) => new(seconds, 1, 1);

    private static DateTimeOffset Second(long second) => DateTimeOffset.FromUnixTimeSeconds(second);

    private static OplogSliceName Slice(uint from, uint to) => new(At(from), At(to));
}

using DrMesh.Contracts.Regions;
using DrMesh.Core.Backups.PostgreSql;

namespace DrMesh.Core.Tests.Backups.PostgreSql;

public sealed class BackupSourceChoiceTests
{
    private static readonly BackupSourcePolicy Policy = new();

    [Fact]
    public void Choose_FitStandbys_TakesTheOneLeastBehind() =>
        Choose(Primary("p"), Standby("a") with { LagBytes = 5 }, Standby("b") with { LagBytes = 3 }).Node!.Value.Name.ShouldBe("b");

    public static TheoryData<string, string> Unfit() => new()
    {
        { "silent", "does not answer" }, { "stranger", "system identifier is 9" }, { "paused", "paused" }, { "alone", "receives no WAL" },
        { "behind", "100 MiB behind, the limit is 64 MiB" },
    };

    [Theory]
    [MemberData(nameof(Unfit))]
    public void Choose_UnfitStandby_FallsBackToThePrimaryAndSaysWhy(string kind, string reason)
    {
        var standby = kind switch
        {
            "silent" => Standby("s") with { IsReachable = false },
            "stranger" => Standby("s") with { SystemId = 9 },
            "paused" => Standby("s") with { IsReplayPaused = true },
            "alone" => Standby("s") with { IsReceiving = false },
            _ => Standby("s") with { LagBytes = 100 << 20 },
        };

        var choice = Choose(Primary("p"), standby);

        choice.Node!.Value.Name.ShouldBe("p");
        choice.Unfit.Single().Reason.ShouldContain(reason);
    }

    [Fact]
    public void Choose_PrimaryNotAllowed_GivesNone() =>
        BackupSourceChoice.Choose(7, [Primary("p")], Policy with { AllowPrimary = false }).Node.ShouldBeNull();

    [Fact]
    public void Choose_PrimaryAskedFor_PassesStandbysOver() =>
        BackupSourceChoice.Choose(7, [Standby("s"), Primary("p")], Policy with { PreferStandby = false }).Node!.Value.Name.ShouldBe("p");

    private static BackupSourceChoice Choose(params BackupSourceCandidate[] candidates) => BackupSourceChoice.Choose(7, candidates, Policy);

    private static BackupSourceCandidate Primary(string name) => Standby(name) with { IsPrimary = true };

    private static BackupSourceCandidate Standby(string name) =>
        new() { Node = new NodeId(new RegionId("eu-west-1"), name), IsReachable = true, SystemId = 7, IsReceiving = true };
}

using DrMesh.Core.Backups.MongoDb;

namespace DrMesh.Core.Tests.Backups.MongoDb;

public sealed class MongoSourceChoiceTests
{
    private static readonly MongoMember Primary = Member("p", MongoMemberState.Primary, 10);

    [Fact]
    public void Choose_LowestPriorityFirst_ThenLeastLag_ThenName()
    {
        Choose([Primary, Member("a", priority: 2), Member("b", priority: 1, lag: 9), Member("c", priority: 1, lag: 3)]).ShouldBe("c");
        Choose([Primary, Member("b", priority: 0, lag: 30), Member("a", priority: 1)]).ShouldBe("b");
        Choose([Primary, Member("b"), Member("a")]).ShouldBe("a");
    }

    [Fact]
    public void Choose_PrimaryOnlyAsLastResort_AndOnlyWhenAllowed()
    {
        MongoMember[] members = [Primary, Member("a", lag: 61), Member("b") with { IsReachable = false }, Member("c", MongoMemberState.Rollback)];

        Choose(members).ShouldBe("p");
        var choice = MongoSourceChoice.Choose(members, new MongoSourcePolicy { AllowPrimary = false });
        choice.Member.ShouldBeNull();
        choice.Unfit.ShouldBe(
        [
            ("p", "it is the primary, and the policy does not allow that"), ("a", "it is 61 s behind, the limit is 60 s"), ("b", "it does not answer"), ("c", "its state is Rollback"),
        ]);
    }

    [Fact]
    public void Choose_DelayedMembersAndArbiters_AreNever() =>
        Choose([Primary, Member("a", priority: 0) with { Delay = TimeSpan.FromHours(1) }, Member("b", MongoMemberState.Arbiter, 0)]).ShouldBe("p");

    private static string? Choose(MongoMember[] members) => MongoSourceChoice.Choose(members, new MongoSourcePolicy()).Member?.Host;

    private static MongoMember Member(string host, MongoMemberState state = MongoMemberState.Secondary, double priority = 1, int lag = 0) =>
        new() { Host = host, State = state, IsReachable = true, Priority = priority, Lag = TimeSpan.FromSeconds(lag) };
}

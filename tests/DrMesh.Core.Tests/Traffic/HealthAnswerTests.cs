using DrMesh.Core.Traffic;

namespace DrMesh.Core.Tests.Traffic;

public sealed class HealthAnswerTests
{
    private static readonly HealthQuestion Serving = new() { Here = Shop.Eu, IsKnown = true, Active = Shop.Eu };

    [Fact]
    public void Decide_ActiveHere_Serves() => HealthAnswer.Decide(Serving).IsServing.ShouldBeTrue();

    [Fact]
    public void Decide_ActiveElsewhere_Withdraws() => HealthAnswer.Decide(Serving with { Active = Shop.Us }).IsServing.ShouldBeFalse();

    [Fact]
    public void Decide_NeverRead_Withdraws() => HealthAnswer.Decide(Serving with { IsKnown = false }).IsServing.ShouldBeFalse();

    [Fact]
    public void Decide_NoRegionChosen_Withdraws() => HealthAnswer.Decide(Serving with { Active = null }).IsServing.ShouldBeFalse();

    [Fact]
    public void S4_ControlPlaneAwayForAnHour_GoesOnServingAndSaysHowOldItsKnowledgeIs()
    {
        var answer = HealthAnswer.Decide(Serving with { Age = TimeSpan.FromHours(1) });

        answer.IsServing.ShouldBeTrue();
        answer.Reason.ShouldContain("3600 s ago");
    }

    [Fact]
    public void S5_ControlPlaneAway_ARegionThatWasNotInChargeDoesNotPutItselfInCharge() =>
        HealthAnswer.Decide(Serving with { Active = Shop.Us, Age = TimeSpan.FromHours(1), AcceptsWrites = true }).IsServing.ShouldBeFalse();

    [Fact]
    public void Decide_DatabaseHereAcceptsNoWrites_Withdraws()
    {
        HealthAnswer.Decide(Serving with { AcceptsWrites = false }).IsServing.ShouldBeFalse();
        HealthAnswer.Decide(Serving with { AcceptsWrites = false, Age = TimeSpan.FromHours(1) }).IsServing.ShouldBeFalse();
    }
}

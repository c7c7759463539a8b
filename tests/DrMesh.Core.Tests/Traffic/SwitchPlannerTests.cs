using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Regions;
using DrMesh.Contracts.Traffic;
using DrMesh.Core.Traffic;

namespace DrMesh.Core.Tests.Traffic;

public sealed class SwitchPlannerTests
{
    [Fact]
    public void Plan_NothingThere_CreatesTheSetWithTheMark()
    {
        var plan = SwitchPlanner.Plan(Shop.Question(Shop.Us, Shop.Service()));

        plan.Change!.Changes.ShouldBe([new RecordSetChange(null, Shop.Set("192.0.2.2", Shop.Mark))]);
        plan.Expected.Single().Values.ShouldBe(["192.0.2.2"]);
    }

    [Fact]
    public void Plan_OtherRegionThere_ReplacesWhatWasRead()
    {
        var read = Shop.Set("192.0.2.1", Shop.Older) with { Ttl = TimeSpan.FromSeconds(45) };

        var plan = SwitchPlanner.Plan(Shop.Question(Shop.Us, Shop.Service(), read));

        plan.Change!.Changes.ShouldBe([new RecordSetChange(read, Shop.Set("192.0.2.2", Shop.Mark))]);
        plan.OldAnswersLiveFor.ShouldBe(TimeSpan.FromSeconds(45));
        plan.IsAlreadySo.ShouldBeFalse();
    }

    [Fact]
    public void Plan_AlreadySo_RenewsTheMarkOnly()
    {
        var plan = SwitchPlanner.Plan(Shop.Question(Shop.Us, Shop.Service(), Shop.Set("192.0.2.2", Shop.Older)));

        plan.IsAlreadySo.ShouldBeTrue();
        plan.Change!.Changes.Single().MovesAnswers.ShouldBeFalse();
        plan.OldAnswersLiveFor.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void Plan_AlreadySoUnderThisMark_ChangesNothing()
    {
        var plan = SwitchPlanner.Plan(Shop.Question(Shop.Us, Shop.Service(), Shop.Set("192.0.2.2", Shop.Mark)));

        plan.IsAlreadySo.ShouldBeTrue();
        plan.Change.ShouldBeNull();
    }

    [Theory]
    [InlineData(60, false)]
    [InlineData(61, true)]
    [InlineData(300, true)]
    public void Plan_LongTtlStands_IsAWarning(int seconds, bool isWarned)
    {
        var read = Shop.Set("192.0.2.1", Shop.Older) with { Ttl = TimeSpan.FromSeconds(seconds) };

        var plan = SwitchPlanner.Plan(Shop.Question(Shop.Us, Shop.Service(), read));

        plan.Warnings.Any(warning => warning.Contains($"TTL of {seconds} s", StringComparison.Ordinal)).ShouldBe(isWarned);
    }

    [Fact]
    public void Plan_LongTtlDeclared_IsAWarning() =>
        SwitchPlanner.Plan(Shop.Question(Shop.Us, Shop.Service() with { Ttl = TimeSpan.FromMinutes(5) })).Warnings
            .ShouldContain(warning => warning.Contains("300 s", StringComparison.Ordinal));

    [Fact]
    public void Plan_AnotherServiceOwnsTheName_IsRefusedEvenWithAdopt()
    {
        var theirs = Shop.Set("192.0.2.1", new OwnerMark(new ServiceId("billing"), 1, 1));

        Refusal(Shop.Question(Shop.Us, Shop.Service(), theirs) with { Adopt = true }).ShouldBe("shop.example.org belongs to service billing");
    }

    [Fact]
    public void Plan_UnmarkedWithForeignValues_IsRefusedUnlessAdopted()
    {
        var question = Shop.Question(Shop.Us, Shop.Service(), Shop.Set("198.51.100.9"));

        Refusal(question).ShouldContain("managed by something else");
        Refusal(question).ShouldContain("198.51.100.9");
        SwitchPlanner.Plan(question with { Adopt = true }).Refusals.ShouldBeEmpty();
    }

    [Fact]
    public void Plan_UnmarkedWithKnownValues_IsTakenOverAndSaysSo()
    {
        var plan = SwitchPlanner.Plan(Shop.Question(Shop.Us, Shop.Service(), Shop.Set("192.0.2.1")));

        plan.Refusals.ShouldBeEmpty();
        plan.Warnings.ShouldContain(warning => warning.Contains("takes it over", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(8, 1)]
    [InlineData(7, 13)]
    public void Plan_LaterSwitchWroteIt_IsRefused(long epoch, long generation) =>
        Refusal(Shop.Question(Shop.Us, Shop.Service(), Shop.Set("192.0.2.1", new OwnerMark(Shop.Mark.Service, epoch, generation)))).ShouldContain("later switch");

    [Fact]
    public void Plan_AliasStandsThere_IsRefused() =>
        Refusal(Shop.Question(Shop.Us, Shop.Service(), Shop.Set("elsewhere.example.net") with { Type = RecordType.Cname })).ShouldContain("is a CNAME");

    [Fact]
    public void Plan_RegionHasNoAnswer_IsRefused() =>
        Refusal(Shop.Question(new RegionId("mars-1"), Shop.Service())).ShouldBe("service shop declares no answer for region mars-1");

    [Fact]
    public void Plan_ProviderLacksTheRouting_IsRefused() =>
        Refusal(Shop.Question(Shop.Us, Shop.Service(DnsRouting.Weighted)) with { Traits = Shop.Everything with { Routing = [DnsRouting.Simple] } })
            .ShouldContain("no weighted routing");

    [Fact]
    public void Plan_ProviderCannotCompare_WarnsOfIt() =>
        SwitchPlanner.Plan(Shop.Question(Shop.Us, Shop.Service()) with { Traits = Shop.Everything with { ComparesBeforeChange = false } }).Warnings
            .ShouldContain(warning => warning.Contains("cannot compare", StringComparison.Ordinal));

    [Fact]
    public void Plan_OneOfTwoNamesIsRefused_ChangesNeither()
    {
        var service = Shop.Service() with { Names = ["shop.example.org", "www.example.org"] };

        var plan = SwitchPlanner.Plan(Shop.Question(Shop.Us, service, Shop.Set("198.51.100.9")));

        plan.Refusals.ShouldHaveSingleItem();
        plan.Change.ShouldBeNull();
    }

    [Fact]
    public void Plan_Weighted_GivesTheTargetAllTheWeight()
    {
        var plan = SwitchPlanner.Plan(Shop.Question(
            Shop.Us,
            Shop.Service(DnsRouting.Weighted),
            Shop.Set("192.0.2.1", Shop.Older, Shop.Weight(Shop.Eu, 100), "hc-eu"),
            Shop.Set("192.0.2.2", Shop.Older, Shop.Weight(Shop.Us, 0), "hc-us")));

        plan.Change!.Changes.Select(change => (change.After!.Routing.SetIdentifier, change.After.Routing.Weight))
            .ShouldBe([("eu-west-1", 0), ("us-east-1", 100), ("ap-southeast-1", 0)]);
        plan.Expected.Single().Values.ShouldBe(["192.0.2.2"]);
    }

    [Fact]
    public void Plan_Failover_SwapsTheRolesWhenBothHaveChecks()
    {
        var plan = SwitchPlanner.Plan(Shop.Question(
            Shop.Us,
            Shop.Service(DnsRouting.Failover),
            Shop.Set("192.0.2.1", Shop.Older, Shop.Role(Shop.Eu, true), "hc-eu"),
            Shop.Set("192.0.2.2", Shop.Older, Shop.Role(Shop.Us, false), "hc-us")));

        plan.Change!.Changes.Select(change => change.After!.Routing).ShouldBe([Shop.Role(Shop.Us, true), Shop.Role(Shop.Eu, false)]);
    }

    [Fact]
    public void Plan_FailoverWithoutChecks_WithdrawsTheFormerPrimary()
    {
        var former = Shop.Set("192.0.2.1", Shop.Older, Shop.Role(Shop.Eu, true));

        var plan = SwitchPlanner.Plan(Shop.Question(Shop.Us, Shop.Service(DnsRouting.Failover, withChecks: false), former));

        plan.Change!.Changes.ShouldContain(new RecordSetChange(former, null));
    }

    [Fact]
    public void Plan_Latency_LeavesTheTargetOnly()
    {
        var former = Shop.Set("192.0.2.1", Shop.Older, new Routing { Kind = DnsRouting.Latency, SetIdentifier = "eu-west-1", ProviderRegion = "eu-west-1" });

        var plan = SwitchPlanner.Plan(Shop.Question(Shop.Us, Shop.Service(DnsRouting.Latency), former));

        plan.Change!.Changes.ShouldContain(new RecordSetChange(former, null));
        plan.Change.Changes.Select(change => change.After?.Routing.SetIdentifier).ShouldBe(["us-east-1", null]);
    }

    [Fact]
    public void Plan_RoutingWasSimple_RemovesTheSimpleSetInTheSameBatch()
    {
        var simple = Shop.Set("192.0.2.1", Shop.Older);

        var plan = SwitchPlanner.Plan(Shop.Question(Shop.Us, Shop.Service(DnsRouting.Weighted), simple));

        plan.Change!.Changes.ShouldContain(new RecordSetChange(simple, null));
        plan.Change.Changes.Count.ShouldBe(4);
    }

    [Fact]
    public void Plan_Health_ChangesNoRecord()
    {
        var plan = SwitchPlanner.Plan(Shop.Question(
            Shop.Us,
            Shop.Service(DnsRouting.Failover, TrafficMode.Health),
            Shop.Set("192.0.2.1", null, Shop.Role(Shop.Eu, true), "hc-eu"),
            Shop.Set("192.0.2.2", null, Shop.Role(Shop.Us, false), "hc-us")));

        plan.Refusals.ShouldBeEmpty();
        plan.Change.ShouldBeNull();
        plan.Expected.Single().Values.ShouldBe(["192.0.2.2"]);
    }

    [Fact]
    public void Plan_HealthWithoutSetOrCheckOrRightValue_IsRefused()
    {
        var service = Shop.Service(DnsRouting.Failover, TrafficMode.Health);

        Refusal(Shop.Question(Shop.Us, service)).ShouldContain("no record set for region us-east-1");
        Refusal(Shop.Question(Shop.Us, service, Shop.Set("192.0.2.2", null, Shop.Role(Shop.Us, false)))).ShouldContain("no health check");
        Refusal(Shop.Question(Shop.Us, service, Shop.Set("192.0.2.77", null, Shop.Role(Shop.Us, false), "hc"))).ShouldContain("192.0.2.77 instead of 192.0.2.2");
    }

    [Fact]
    public void Plan_HealthAtAProviderWithoutChecks_IsRefused() =>
        Refusal(Shop.Question(Shop.Us, Shop.Service(DnsRouting.Simple, TrafficMode.Health)) with { Traits = Shop.Everything with { HasHealthChecks = false } })
            .ShouldContain("has no health checks");

    private static string Refusal(SwitchQuestion question)
    {
        var plan = SwitchPlanner.Plan(question);
        plan.Change.ShouldBeNull();
        return plan.Refusals.ShouldHaveSingleItem();
    }
}

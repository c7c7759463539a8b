using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Recovery;

namespace DrMesh.Core.Tests.Recovery;

/// <summary>The lease, one decision at a time; all of them together are in <see cref="LeaseSimulationTests"/>.</summary>
public sealed class LeaseTests
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(10);
    private static readonly SessionId Session = new("recovery-1");
    private static readonly ClusterRecord Async = ClusterRecord.Found(Facts.Orders, "eu", AcknowledgingSet.Nobody);
    private static readonly ClusterLease Lease = LeaseRule.LeaseOf(Facts.Cluster, Async, "eu", Length);

    [Fact]
    public void LeaseOf_VotersAreTheMembersOfOtherRegions_InOneRegionTheOthers()
    {
        Lease.Voters.ShouldBe(["ap", "us"]);
        var near = Facts.Cluster with { Members = [Facts.Member("eu"), Facts.Member("eu") with { Name = "eu2" }] };
        LeaseRule.LeaseOf(near, Async, "eu", Length).Voters.ShouldBe(["eu2"]);
        LeaseRule.LeaseOf(near with { Members = near.Members.Add(Facts.Member("us")) }, Async, "eu", Length).Voters.ShouldBe(["us"], "who goes with the primary's region grants nothing");
    }

    [Fact]
    public void IsNeeded_OnlyWhereCommitsWaitForNobodyAndAnotherMayBePromoted()
    {
        LeaseRule.IsNeeded(Facts.Cluster, Async, "eu").ShouldBeTrue();
        LeaseRule.IsNeeded(Facts.Cluster, Facts.Record, "eu").ShouldBeFalse();
        LeaseRule.IsNeeded(Facts.Cluster, Facts.Record.Change(AcknowledgingSet.Nobody), "eu").ShouldBeTrue("the change is open, so it is taken before and given up after");
        LeaseRule.IsNeeded(Facts.Cluster with { Members = [Facts.Member("eu"), Facts.Member("us", promotable: false)] }, Async, "eu").ShouldBeFalse("S4: nobody is there to promote");
    }

    [Fact]
    public void MayLead_FromTheRaiseOfAFailoverToThePromotion_IsNobody()
    {
        var raised = Async.Raise(Session, Facts.Now);
        var promoting = raised.Promote("us", AcknowledgingSet.Nobody);

        Async.MayLead.ShouldBe("eu");
        raised.MayLead.ShouldBeNull();
        promoting.MayLead.ShouldBe("us");
        promoting.Raise(Session, Facts.Now).MayLead.ShouldBeNull("the candidate was lost, and another is chosen");
        promoting.Confirm("us").MayLead.ShouldBe("us");
        promoting.Confirm("us").Release().MayLead.ShouldBe("us");
        promoting.Release().MayLead.ShouldBe("us", "its promotion was ordered: the old primary must not serve beside it");
        raised.Return().MayLead.ShouldBe("eu");
        raised.Release().MayLead.ShouldBe("eu");
    }

    [Fact]
    public void MayLead_PlannedMove_TheOldPrimaryUntilTheOtherIsPromoted()
    {
        var raised = Async.Raise(Session, null);

        raised.MayLead.ShouldBe("eu", "its orderly stop must not be cut short by its lease");
        raised.Promote("us", AcknowledgingSet.Nobody).MayLead.ShouldBe("us");
        raised.Promote("us", AcknowledgingSet.Nobody).Raise(Session, null).MayLead.ShouldBeNull();
    }

    [Fact]
    public void Holder_AgentsCount_OnlyOnceTheStoreConfirmedWithNoSessionAndUntilItRefused()
    {
        var taken = LeaseHolder.None.Sending(Lease, At(0));

        taken.Granted(["ap", "us"], At(1)).Until.ShouldBeNull("the agents prolong what the store gave");
        taken.Confirmed(Lease, At(0), isSettled: false).Granted(["ap", "us"], At(5)).Until.ShouldBe(At(9.9));
        var held = taken.Confirmed(Lease, At(0), isSettled: true);
        held.Granted(["ap", "us"], At(5)).Until.ShouldBe(At(14.9));
        held.Granted(["ap"], At(5)).Until.ShouldBe(At(9.9), "one of two is no majority");
        held.Refused().Granted(["ap", "us"], At(5)).Until.ShouldBe(At(9.9));
        held.Lost().Runs(At(0)).ShouldBeFalse();
    }

    [Fact]
    public void Holder_RenewalWhoseAnswerWasLost_CountsAsStoredAndAsNotStored()
    {
        var held = LeaseHolder.None.Sending(Lease, At(0)).Confirmed(Lease, At(0), isSettled: true);

        var shorter = held.Sending(Lease with { Length = TimeSpan.FromSeconds(2) }, At(1));
        shorter.Until.ShouldBe(At(1 + 1.98), "whoever finds the shorter one in the store waits no longer");
        shorter.Granted(["ap", "us"], At(2)).Until.ShouldBe(At(2 + 1.98));

        var others = held.Sending(Lease with { Voters = ["x", "y", "z"] }, At(1));
        others.Granted(["ap", "us"], At(5)).Until.ShouldBe(At(9.9), "a promoter may find the new voters in the store");
        others.Granted(["x", "y"], At(5)).Until.ShouldBe(At(9.9), "or the old ones");
        others.Granted(["ap", "us", "x", "y"], At(5)).Until.ShouldBe(At(14.9));
    }

    [Fact]
    public void Grants_WhileOneRuns_NobodyElseIsGrantedOrPromised()
    {
        var (granted, refusal) = LeaseGrants.None.Ask("eu", 3, Length, seen: 3, At(0));

        refusal.ShouldBeNull();
        granted.PromiseRefusal(At(4)).ShouldBe("it granted eu a lease that runs for 6.1 s more");
        granted.PromiseRefusal(At(10.2)).ShouldBeNull();
        granted.Ask("us", 4, Length, 3, At(5)).Refusal.ShouldBe("it granted eu a lease that still runs");
        granted.Ask("us", 4, Length, 3, At(11)).Refusal.ShouldBeNull();
        granted.Ask("eu", 3, Length, seen: 4, At(5)).Refusal.ShouldBe("epoch 3 is over; it has seen 4", "it promised another");
        granted.Ask("us", 2, Length, seen: 1, At(11)).Refusal.ShouldBe("epoch 2 is over; it has seen 3");
        LeaseGrants.Restarted(granted.Holder, granted.Epoch, granted.Length, At(2)).PromiseRefusal(At(12)).ShouldNotBeNull("whatever it granted may have been granted just before");
        LeaseGrants.Restarted(null, 0, TimeSpan.Zero, At(2)).PromiseRefusal(At(2)).ShouldBeNull();
    }

    [Fact]
    public void Exclusion_KnownToBeStopped_NeedsNothing_NeverTaken_NobodyKnows()
    {
        var needed = LeaseExclusion.Of(Lease, ["eu"], [], TimeSpan.FromSeconds(3));
        (needed.Wait, needed.Missing([]), needed.Missing(["us"]), needed.Missing(["us", "ap"])).ShouldBe((Lease.Term.PromoterWait, 2, 1, 0));

        LeaseExclusion.Of(Lease, ["eu"], ["eu"], Length).ShouldBe(LeaseExclusion.NotNeeded);
        LeaseExclusion.Of(Lease with { Holder = "us" }, ["eu", "us", "ap"], ["eu"], Length).Missing([]).ShouldBe(2, "a lost candidate holds it");
        LeaseExclusion.Of(null, ["eu"], [], Length).Missing(["us", "ap"]).ShouldBeNull();
        LeaseExclusion.Of(Lease with { Holder = "old" }, ["eu"], [], Length).Missing(["us", "ap"]).ShouldBeNull();
        LeaseExclusion.Of(null, ["eu"], ["eu"], Length).Missing([]).ShouldBe(0);
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}

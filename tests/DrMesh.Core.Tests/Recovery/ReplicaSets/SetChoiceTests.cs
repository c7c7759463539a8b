using CsCheck;
using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Recovery;
using DrMesh.Contracts.Regions;
using DrMesh.Core.Recovery.ReplicaSets;
using static DrMesh.Core.Backups.MongoDb.MongoMemberState;
using static DrMesh.Core.Tests.Recovery.ReplicaSets.Sets;

namespace DrMesh.Core.Tests.Recovery.ReplicaSets;

public sealed class SetChoiceTests
{
    [Fact]
    public void Of_AMajorityAnswers_HandsOverOutsideTheRegionThatIsLeft()
    {
        var set = Sets.Of(Member(0, Primary), Member(1, Secondary, 3), Member(2, Secondary, 5));

        SetChoice.Of(set, Move(3), RecoveryKind.Switchover).Candidate.ShouldBe(Host(2), "it has more");
        SetChoice.Of(set, Move(3), RecoveryKind.Switchover, new RegionId("r1")).Candidate.ShouldBe(Host(1), "where the PostgreSQL clusters go");
        SetChoice.Of(set, Move(3, to: "r1"), RecoveryKind.Switchover).Candidate.ShouldBe(Host(1));
        SetChoice.Of(set, Move(3, to: "r9"), RecoveryKind.Switchover).Reason.ShouldBe("no member in r9 can lead: m0 Primary, m1 Secondary, m2 Secondary");
    }

    [Fact]
    public void Of_TheSetElectedAnotherAlready_ThatOneStays() =>
        SetChoice.Of(Sets.Of(Member(0, Down), Member(1, Primary), Member(2, Secondary)), Move(3), RecoveryKind.Failover).ShouldSatisfyAllConditions(
            choice => choice.Way.ShouldBe(SetWay.HandOver), choice => choice.Candidate.ShouldBe(Host(1)));

    [Fact]
    public void Of_TheMajorityIsLost_TheSurvivorThatHasMostLeadsTheOthers()
    {
        var choice = SetChoice.Of(
            Sets.Of(Member(0, Down), Member(1, Down), Member(2, Down), Member(3, Secondary, 4), Member(4, Secondary, 5)), Move(5), RecoveryKind.Failover);

        choice.Way.ShouldBe(SetWay.Force);
        choice.Candidate.ShouldBe(Host(4));
        choice.Survivors.ShouldBe(Hosts(3, 4));
        choice.Lost.ShouldBe(Hosts(0, 1, 2));
        SetLoss.Question(Move(5), choice, At(9)).ShouldBe(
            "carts has lost its majority (2 of 5 voting members answer, 3 are needed): m3, m4 would be forced into a set of their own, led by m4 at 5:1@1 (1970-01-01 00:00:05Z); writes a majority acknowledged"
            + " after that are lost, at least 4 s of them: 9:1@1 was seen; approve only when m0, m1, m2 are down or stopped: while they reach each other they could go on taking writes");
    }

    [Fact]
    public void LastSeen_IsTheNewestOfWhatMembersKnowAndTheArchiveWasToldOrHolds()
    {
        var archive = new ArchiveStatus { Cluster = new ClusterId("carts"), Received = "8:1@1", Tiers = [new ArchiveTierStatus { Tier = "hot", Position = "9:2@1", AsOf = Facts.Now }, new ArchiveTierStatus { Tier = "cold", Position = "", AsOf = Facts.Now }] };

        SetLoss.Newest(At(5), archive).ShouldBe(At(9) with { Increment = 2 });
        SetLoss.Newest(At(5), archive with { Tiers = [] }).ShouldBe(At(8));
        SetLoss.Newest(At(10), archive).ShouldBe(At(10));
        SetLoss.Newest(null, new ArchiveStatus { Cluster = new ClusterId("carts") }).ShouldBeNull();
    }

    [Fact]
    public void Of_APrimaryServesStill_IsWaitedFor() =>
        SetChoice.Of(Sets.Of(Member(0, Primary), Member(1, Down), Member(2, Down)), Move(3), RecoveryKind.Failover).Reason.ShouldStartWith("m0 still serves as primary although 1 of 3");

    [Fact]
    public void Of_AnySet_ForcesOnlyWithoutAMajorityAndAPrimaryAndWithSomebodyToAsk() => Any.Sample(set =>
    {
        foreach (var kind in Enum.GetValues<RecoveryKind>())
        {
            foreach (var mayAsk in new[] { false, true })
            {
                var choice = SetChoice.Of(set, Move(set.Members.Count, mayAsk: mayAsk), kind);
                if (choice.Way == SetWay.Force)
                {
                    var old = SetConfiguration.Of(set);
                    kind.ShouldBe(RecoveryKind.Failover);
                    mayAsk.ShouldBeTrue();
                    set.Primary.ShouldBeNull();
                    old.CanElect(SetChoice.Answering(set).Select(member => member.Host)).ShouldBeFalse();
                    choice.Survivors.ShouldContain(choice.Candidate!);
                    choice.Survivors.Union(choice.Lost).Order().ShouldBe(set.Members.Select(member => member.Host).Order(), "each is told to the person, as one or the other");
                    choice.Survivors.Intersect(choice.Lost).ShouldBeEmpty();
                    set.Members.Where(member => choice.Survivors.Contains(member.Host)).ShouldAllBe(member => member.Applied <= choice.Position || member.Votes == 0);
                }
            }
        }
    });
}

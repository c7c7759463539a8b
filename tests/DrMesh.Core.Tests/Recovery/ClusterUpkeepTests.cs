using System.Collections.Immutable;
using CsCheck;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Regions;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Recovery;

namespace DrMesh.Core.Tests.Recovery;

/// <summary>What is done for a cluster between sessions: who leads is found, whom commits wait for follows who is there, who must rejoin.</summary>
public sealed class ClusterUpkeepTests
{
    private static readonly Dictionary<string, MemberStatus> Well = new() { ["eu"] = Facts.Primary with { Epoch = 3 }, ["us"] = Facts.Standby with { Epoch = 5 }, ["ap"] = Facts.Standby };

    [Fact]
    public void TakeOn_OnePrimaryAndEveryMemberAnswers_RecordsWhatTheServersSay()
    {
        var record = ClusterUpkeep.TakeOn(Facts.Cluster, Well).ShouldNotBeNull();

        record.Primary.ShouldBe("eu");
        record.Epoch.ShouldBe(5, "no member may know a higher epoch than the store");
        record.OpenSets.ShouldBe([Facts.Quorum]);
        ClusterUpkeep.TakeOn(Facts.Cluster, With("eu", Well["eu"] with { SynchronousStandbyNames = "*" }))!.OpenSets.ShouldBe([AcknowledgingSet.Nobody], "anybody may be nobody that is known");
    }

    [Fact]
    public void TakeOn_AnyDoubt_WaitsForIt()
    {
        ClusterUpkeep.TakeOn(Facts.Cluster, Well.Where(entry => entry.Key != "ap").ToDictionary()).ShouldBeNull("a silent member may be a primary");
        ClusterUpkeep.TakeOn(Facts.Cluster, With("us", Facts.Primary)).ShouldBeNull("two lead");
        ClusterUpkeep.TakeOn(Facts.Cluster, With("eu", Facts.Primary with { IsFenced = true })).ShouldBeNull("nobody leads");
    }

    [Fact]
    public void TakeOn_StandbysOfTheSettingLag_EarlierCommitsMayBeOnThePrimaryAlone() =>
        ClusterUpkeep.TakeOn(Facts.Cluster, With("eu", Facts.Primary with { Lsn = new Lsn(1001) }))!.OpenSets.ShouldBe([AcknowledgingSet.Nobody, Facts.Quorum]);

    [Fact]
    public void HasAll_EnoughOfTheSetHaveThePosition_CountsNobodyElse()
    {
        SetConfirmation.HasAll(Facts.Quorum, new Lsn(1000), [Facts.Follower("us")]).ShouldBeTrue();
        SetConfirmation.HasAll(Facts.Quorum, new Lsn(1001), [Facts.Follower("us"), Facts.Follower("ap")]).ShouldBeFalse();
        SetConfirmation.HasAll(AcknowledgingSet.Of(1, ["us"]), new Lsn(1000), [Facts.Follower("ap")]).ShouldBeFalse();
        SetConfirmation.HasAll(AcknowledgingSet.Nobody, new Lsn(1000), []).ShouldBeTrue();
    }

    [Fact]
    public void NextSet_AsItShouldBe_ChangesNothing()
    {
        Next(Facts.Record, Facts.Primary).ShouldBeNull();
        Next(Facts.Record with { Session = new SessionId("x") }, Facts.Primary with { Followers = [] }).ShouldBeNull("a session holds it");
        Next(Facts.Record.Promote("us", Facts.Quorum), Facts.Primary with { Followers = [] }).ShouldBeNull("another may lead");
        Next(Facts.Record, Facts.Primary with { IsFenced = true, Followers = [] }).ShouldBeNull();
        Next(Facts.Record, Facts.Standby).ShouldBeNull();
    }

    [Fact]
    public void NextSet_StandbyGone_LeavesTheSetWhileEnoughStay()
    {
        Next(Facts.Record, Facts.Primary with { Followers = [Facts.Follower("us"), Facts.Follower("backup-stream")] }).ShouldBe(AcknowledgingSet.Of(1, ["us"]));
        Next(Facts.Record, Facts.Primary with { Followers = [] }).ShouldBeNull("writes wait for whoever comes back first");
        Next(Facts.Record with { Durability = new() { WhenQuorumLost = QuorumLost.Async } }, Facts.Primary with { Followers = [] }).ShouldBe(AcknowledgingSet.Nobody);
    }

    [Fact]
    public void NextSet_OpenChangeOrDeviatingServer_IsBroughtToAnEnd()
    {
        Next(Facts.Record.Change(AcknowledgingSet.Of(1, ["us"])), Facts.Primary).ShouldBe(Facts.Quorum);
        Next(Facts.Record, Facts.Primary with { SynchronousStandbyNames = "" }).ShouldBe(Facts.Quorum);
    }

    [Fact]
    public void Change_RaisesTheEpoch_ThatALateOrderIsRefused()
    {
        var us = AcknowledgingSet.Of(1, ["us"]);
        var changed = Facts.Record.Change(us);

        (changed.Epoch, changed.Version).ShouldBe((2, 2));
        changed.OpenSets.ShouldBe([Facts.Quorum, us]);
        changed.Change(us).ShouldBe(changed, "the same order again");
        changed.Change(Facts.Quorum).Epoch.ShouldBe(3, "another order for the same server");
        changed.Close("eu", us).OpenSets.ShouldBe([us]);
        changed.Promote("us", us).Close("us", us).Candidate.ShouldBeNull();
    }

    [Fact]
    public void SurvivingSet_EveryCombination_WaitsOutsideTheRegionForWhatWasAsked() =>
        Gen.Select(Gen.Int[0, 15], Gen.Int[1, 3], Gen.Enum<QuorumLost>(), Gen.Enum<DurabilityMode>()).Sample((bits, needed, whenLost, mode) =>
        {
            string[] standbys = ["b", "c", "d", "near"];
            var there = standbys.Where((_, index) => (bits >> index & 1) == 1).ToArray();
            var move = new ClusterMove
            {
                Cluster = Facts.Orders, OldPrimary = "a", Standbys = [.. standbys], Promotable = [], OpenSets = [],
                Nodes = standbys.Append("a").ToImmutableSortedDictionary(name => name, name => new NodeId(new RegionId(name == "near" ? "a" : name), name)),
                Durability = new DurabilityDefinition { Mode = mode, Acknowledgements = needed, WhenQuorumLost = whenLost },
            };

            var (set, isShort) = SurvivingSet.Of(move, "a", there);

            var away = there.Where(name => name != "near").ToArray();
            set.Members.ShouldNotContain("a");
            set.Members.ShouldNotContain("near", "a standby beside the primary dies with it");
            isShort.ShouldBe(mode == DurabilityMode.Quorum && away.Length < needed);
            set.ShouldBe(
                mode == DurabilityMode.Async || (isShort && whenLost == QuorumLost.Async) ? AcknowledgingSet.Nobody
                : isShort ? AcknowledgingSet.Of(needed, ["b", "c", "d"])
                : AcknowledgingSet.Of(needed, away));
        });

    [Fact]
    public void RejoinReason_WhoDoesNotFollow_IsBroughtBack()
    {
        Reason(Facts.Standby).ShouldBeNull();
        Reason(Facts.Primary)!.ShouldContain("beside eu");
        Reason(Facts.Standby with { Upstream = "ap.test:5432" })!.ShouldContain("not eu");
        Reason(Facts.Standby with { Upstream = null }).ShouldBe("it follows nobody");
        Reason(Facts.Standby with { Role = MemberRole.Stopped, IsFenced = true }).ShouldBe("it was fenced");
        Reason(Facts.Standby with { Role = MemberRole.Stopped }).ShouldBe("it crashed");
        Reason(Facts.Standby with { Role = MemberRole.Stopped, IsShutDown = true }).ShouldBeNull("a person shut it down");
        Reason(Facts.Standby with { Role = MemberRole.Unresponsive }).ShouldBeNull();
    }

    [Fact]
    public void RejoinReason_SessionOrUnconfirmedPromotion_LeavesEverybodyAlone()
    {
        Reason(Facts.Primary, Facts.Record with { Session = new SessionId("x") }).ShouldBeNull();
        Reason(Facts.Primary, Facts.Record.Promote("us", Facts.Quorum)).ShouldBeNull("us may have acknowledged writes that eu lacks");
        MemberUpkeep.RejoinReason(Facts.Record, Facts.Cluster.Members[0], "eu.test", "eu", Facts.Standby).ShouldBeNull("the primary itself is the sessions' business");
    }

    private static string? Reason(MemberStatus status, ClusterRecord? record = null) =>
        MemberUpkeep.RejoinReason(record ?? Facts.Record, Facts.Cluster.Members[0], "eu.test", "us", status);

    private static AcknowledgingSet? Next(ClusterRecord record, MemberStatus primary) => ClusterUpkeep.NextSet(Facts.Cluster, record, primary);

    private static Dictionary<string, MemberStatus> With(string member, MemberStatus status) => new(Well) { [member] = status };
}

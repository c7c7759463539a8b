using System.Collections.Immutable;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Recovery;
using DrMesh.Contracts.Regions;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Backups.MongoDb;
using DrMesh.Core.Recovery;
using DrMesh.Core.Recovery.ReplicaSets;
using DrMesh.Core.Sessions;
using DrMesh.Core.Tests.Sessions;
using static DrMesh.Core.Backups.MongoDb.MongoMemberState;
using static DrMesh.Core.Tests.Recovery.ReplicaSets.Sets;

namespace DrMesh.Core.Tests.Recovery.ReplicaSets;

/// <summary>A session of one replica set: what a person is asked, and what is shown before.</summary>
public sealed class SetSessionTests
{
    private static readonly MongoSet Lost = Sets.Of(Member(0, Down), Member(1, Secondary, 4), Member(2, Down));

    [Fact]
    public void Failover_TheMajorityIsLost_NothingIsForcedBeforeAPersonApproves()
    {
        var driver = Begin(RecoveryKind.Failover);

        RunUntil(driver, () => driver.State.Phase == DrPhases.AwaitingLossApproval);
        driver.State.Asked!.Question.ShouldContain("carts has lost its majority (1 of 3 voting members answer, 2 are needed)");
        driver.State.Find(DrSteps.MoveSetPrimary, "carts").ShouldBeNull();
        SetSession.IsApproved(driver.State).ShouldBeFalse();
        driver.Give(new SessionInput.ApprovalGiven(driver.Now, SetSession.Approval, "ann"));
        SetSession.IsApproved(driver.State).ShouldBeTrue();
        RunUntil(driver, () => driver.State.IsEnded);

        driver.State.Status.ShouldBe(SessionStatus.Succeeded);
        SetSession.Read(driver.State, "carts").ShouldNotBeNull().ShouldSatisfyAllConditions(
            choice => choice.Way.ShouldBe(SetWay.Force), choice => choice.Survivors.ShouldBe(Hosts(1)), choice => choice.Lost.ShouldBe(Hosts(0, 2)), choice => choice.Position.ShouldBe(At(4)));
    }

    [Fact]
    public void Failover_ASetThatDoesNotMove_IsAFailureWhereThereIsNothingElse()
    {
        var driver = Begin(RecoveryKind.Failover);
        RunUntil(driver, () => driver.State.Phase == DrPhases.AwaitingLossApproval);
        driver.Give(new SessionInput.ApprovalGiven(driver.Now, SetSession.Approval, "ann"));

        RunUntil(driver, () => driver.State.IsEnded, refused: DrSteps.MoveSetPrimary);

        driver.State.Status.ShouldBe(SessionStatus.Failed);
        driver.State.Outcome.ShouldNotBeNull().ShouldContain("a person must look");
    }

    [Fact]
    public void Failover_ThatBeganByItself_LooksAtTheSetOnlyWhenItsTurnComes()
    {
        var plan = RecoveryPlanner.Plan(Facts(RecoveryKind.Failover, automatic: true)).Plan!;
        var driver = new MachineDriver<RecoveryPlan>(DrSession.Machine, plan).Begin();

        driver.State.Phase.ShouldBe(DrPhases.MovingSets, "nothing before has anything to do with a set");
        RunUntil(driver, () => driver.State.IsEnded);
        driver.State.Steps.Count(step => step.Step == DrSteps.ChooseSetPrimary).ShouldBe(1);
        driver.State.Approvals.ShouldBeEmpty();
    }

    [Fact]
    public void Preview_TheMajorityIsLost_ShowsMembersVotesAndWhatIsAsked()
    {
        var preview = RecoveryPreviews.Of(Facts(RecoveryKind.Failover));

        var set = preview.Sets.ShouldHaveSingleItem();
        (set.Way, set.Candidate, set.OldPrimary).ShouldBe(("Force", "m1", "m0"));
        set.Members.Select(member => (member.Name, member.State, member.Votes, member.Position)).ShouldBe([("m0", "Down", 1, null), ("m1", "Secondary", 1, "4:1@1"), ("m2", "Down", 1, null)]);
        preview.Approvals.ShouldContain(set.Question!);
        preview.Blocks.ShouldBeEmpty();
        preview.Steps.ShouldContain(step => step.StartsWith("MovingSets: MoveSetPrimary, ProveSetWrite", StringComparison.Ordinal));
        preview.Steps.ShouldAllBe(step => !step.Contains("RaiseEpoch", StringComparison.Ordinal), "there is no PostgreSQL cluster");
    }

    [Fact]
    public void Plan_PlannedMoveWithoutAMajority_IsBlocked() =>
        RecoveryPlanner.Plan(Facts(RecoveryKind.Switchover)).Blocks.ShouldHaveSingleItem().ShouldStartWith("carts: 1 of 3 voting members answer, 2 are needed; a planned move loses nothing and forces nothing");

    [Fact]
    public void Plan_TheSetNamesItsMembersOtherwise_IsBlocked()
    {
        var facts = Facts(RecoveryKind.Failback);
        var carts = facts.Sets.Keys.Single();

        RecoveryPlanner.Plan(facts with { Sets = facts.Sets.SetItem(carts, facts.Sets[carts] with { Seen = Sets.Of(Member(0, Secondary), Member(1, Primary), Member(7, Secondary)) }) })
            .Blocks.ShouldHaveSingleItem().ShouldBe("carts has members the estate does not name: m7:1; declare them by the addresses and ports the set itself uses (rs.conf())");
    }

    [Fact]
    public void Plan_Automatic_AsksNobody() => RecoveryPlanner.Plan(Facts(RecoveryKind.Failover, automatic: true)).Plan!.Sets.ShouldHaveSingleItem().MayAsk.ShouldBeFalse();

    private static RecoveryFacts Facts(RecoveryKind kind, bool automatic = false)
    {
        var all = Recovery.Facts.Of(kind, new FailoverPolicy { Strategy = FailoverStrategy.Automatic });
        var declared = new MongoDbCluster { Name = new ClusterId("carts"), Policy = "policy", PrimaryRegion = new RegionId("r0"), ReplicaSet = "rs", Members = [] };
        return all with
        {
            Request = all.Request with { IsAutomatic = automatic },
            Application = all.Application with { Clusters = [], Sets = [declared] },
            Records = ImmutableDictionary<ClusterId, ClusterRecord>.Empty,
            Sets = ImmutableDictionary<ClusterId, ReplicaSetFacts>.Empty.Add(
                declared.Name, new ReplicaSetFacts(Move(3).Members, Lost, ClusterRecord.Found(declared.Name, "m0", AcknowledgingSet.Nobody), null)),
        };
    }

    private static MachineDriver<RecoveryPlan> Begin(RecoveryKind kind) => new MachineDriver<RecoveryPlan>(DrSession.Machine, RecoveryPlanner.Plan(Facts(kind)).Plan!).Begin();

    private static void RunUntil(MachineDriver<RecoveryPlan> driver, Func<bool> isThere, StepName? refused = null)
    {
        for (var moves = 0; moves < 100 && !isThere(); moves++)
        {
            var run = driver.Running[0];
            driver.End(run.Key.Step, run.Key.Step == refused ? StepResult.Refused("no") : run.Key.Step.Value switch
            {
                "RaiseSetEpoch" => StepResult.Done() with { RaisedEpoch = 2 },
                "ChooseSetPrimary" => StepResult.Done(SetSession.ToEvidence(Move(3), SetChoice.Of(Lost, Move(3), RecoveryKind.Failover), null)),
                _ => StepResult.Done(),
            });
        }

        isThere().ShouldBeTrue(driver.State.Phase.Value);
    }
}

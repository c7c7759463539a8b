using DrMesh.Contracts.Sessions;
using DrMesh.Core.Sessions;
using DrMesh.TestKit.Crash;

namespace DrMesh.Core.Tests.Sessions;

public sealed class RelayMachineTests
{
    private static MachineDriver<RelayPlan> Relay(bool asksFirst = false) =>
        new MachineDriver<RelayPlan>(RelayMachine.Create(), new RelayPlan { Parcels = ["a", "b"], AsksFirst = asksFirst }).Begin();

    [Fact]
    public void Decide_StepsInOrder_TargetsSideBySide()
    {
        var relay = Relay();
        relay.Running.Select(run => run.Key.Step).ShouldBe([RelayMachine.OpenRoad]);

        relay.Done(RelayMachine.OpenRoad);
        relay.Running.Select(run => run.Key.Target).ShouldBe(["a", "b"]);

        relay.Done(RelayMachine.Carry, "a").Done(RelayMachine.Carry, "b").Done(RelayMachine.HandOver).Done(RelayMachine.SendCard);
        relay.State.Status.ShouldBe(SessionStatus.Succeeded);
        relay.State.Events.Select(happened => happened.Sequence).ShouldBe(Enumerable.Range(1, relay.State.Events.Count).Select(number => (long)number));
    }

    [Fact]
    public void Decide_RaisedEpoch_IsCarriedByLaterStepsOnThatTarget()
    {
        var relay = Relay();
        relay.End(RelayMachine.OpenRoad, StepResult.Done() with { RaisedEpoch = 7 });

        relay.State.Epochs["road"].ShouldBe(7);
        relay.Running.ShouldAllBe(run => run.Key.Epoch == 0, "parcels have no epoch");
    }

    [Fact]
    public void Decide_StaleOutcome_IsDropped()
    {
        var relay = Relay().Done(RelayMachine.OpenRoad);
        var first = relay.Running.Single(run => run.Key.Target == "a");
        relay.End(RelayMachine.Carry, StepResult.Failed("rain"), "a");
        relay.Now += TimeSpan.FromSeconds(1);
        relay.Give(new SessionInput.TimeReached(relay.Now));
        var before = relay.State;

        relay.Give(new SessionInput.StepEnded(relay.Now, first.Key, StepResult.Done()));

        relay.Dropped.ShouldNotBeNull();
        relay.State.ShouldBeSameAs(before);
    }

    [Fact]
    public void Decide_Failures_WaitLongerEachTimeThenLeaveThePhase()
    {
        var relay = Relay().Done(RelayMachine.OpenRoad).Done(RelayMachine.Carry, "b");

        relay.End(RelayMachine.Carry, StepResult.Failed("rain"), "a");
        relay.Effects.ShouldBe([new SessionEffect.WakeAt(relay.Now + TimeSpan.FromMilliseconds(20))]);
        relay.Now += TimeSpan.FromMilliseconds(20);
        relay.Give(new SessionInput.TimeReached(relay.Now)).End(RelayMachine.Carry, StepResult.Failed("snow"), "a");
        relay.Effects.ShouldBe([new SessionEffect.WakeAt(relay.Now + TimeSpan.FromMilliseconds(40))]);
        relay.Now += TimeSpan.FromMilliseconds(40);
        relay.Give(new SessionInput.TimeReached(relay.Now)).End(RelayMachine.Carry, StepResult.Failed("hail"), "a");

        relay.State.Phase.ShouldBe(RelayMachine.Returning);
        relay.Done(RelayMachine.PutBack, "a").Done(RelayMachine.PutBack, "b");
        relay.State.Status.ShouldBe(SessionStatus.Failed);
    }

    [Fact]
    public void Decide_RefusedStep_IsNotTriedAgain()
    {
        var relay = Relay().Done(RelayMachine.OpenRoad).Done(RelayMachine.Carry, "b").End(RelayMachine.Carry, StepResult.Refused("no such parcel"), "a");

        relay.State.Phase.ShouldBe(RelayMachine.Returning);
    }

    [Fact]
    public void Decide_Woken_AsksTheReceiverUnderANewAttempt()
    {
        var relay = Relay().Done(RelayMachine.OpenRoad).Done(RelayMachine.Carry, "a");
        relay.Running.Clear();

        relay.Give(new SessionInput.Woken(relay.Now, "silo-2"));

        var again = relay.Running.ShouldHaveSingleItem();
        (again.Key.Target, again.Key.Attempt, again.InDoubt).ShouldBe(("b", 2, true));
        relay.State.Find(RelayMachine.Carry, "b")!.Failures.ShouldBe(0, "a lost silo is no failure of the step");
    }

    [Fact]
    public void Decide_CancelWhileRunning_StopsFirstThenUndoes()
    {
        var relay = Relay().Done(RelayMachine.OpenRoad).Done(RelayMachine.Carry, "a");

        relay.Give(new SessionInput.CancelAsked(relay.Now, "ann", "wrong address"));
        relay.Effects.OfType<SessionEffect.StopStep>().ShouldHaveSingleItem().Key.Target.ShouldBe("b");
        relay.State.Phase.ShouldBe(RelayMachine.Carrying, "what the running step did must be known first");

        relay.End(RelayMachine.Carry, StepResult.Stopped("stopped"), "b");
        relay.State.Phase.ShouldBe(RelayMachine.Returning);
        relay.Done(RelayMachine.PutBack, "a").Done(RelayMachine.PutBack, "b");
        (relay.State.Status, relay.State.Phase).ShouldBe((SessionStatus.Cancelled, RelayMachine.CalledOff));
    }

    [Fact]
    public void AnswerCancel_PastThePointOfNoReturn_SaysWhy()
    {
        var relay = Relay().Done(RelayMachine.OpenRoad).Done(RelayMachine.Carry, "a").Done(RelayMachine.Carry, "b");

        var answer = relay.Machine.AnswerCancel(relay.State);

        answer.Accepted.ShouldBeFalse();
        answer.Reason.ShouldContain("does not come back");
        relay.Give(new SessionInput.CancelAsked(relay.Now, "ann", "late")).Dropped.ShouldNotBeNull();
    }

    [Fact]
    public void Decide_Approval_CountsOnceForTheQuestionAskedOnly()
    {
        var relay = Relay(asksFirst: true).Done(RelayMachine.OpenRoad).Done(RelayMachine.Carry, "a").Done(RelayMachine.Carry, "b");
        relay.State.Status.ShouldBe(SessionStatus.WaitingForApproval);
        relay.Machine.AnswerApprove(relay.State, "Other", "ann").Accepted.ShouldBeFalse();

        relay.Give(new SessionInput.ApprovalGiven(relay.Now, "HandOver", "ann"));

        relay.State.Phase.ShouldBe(RelayMachine.Handing);
        relay.State.Approvals.ShouldHaveSingleItem().ApprovedBy.ShouldBe(["ann"]);
    }

    [Fact]
    public void Decide_NobodyApproves_LimitOfThePhaseEndsTheWait()
    {
        var relay = Relay(asksFirst: true).Done(RelayMachine.OpenRoad).Done(RelayMachine.Carry, "a").Done(RelayMachine.Carry, "b");
        relay.Effects.ShouldBe([new SessionEffect.WakeAt(relay.Now + TimeSpan.FromMinutes(10))]);

        relay.Now += TimeSpan.FromMinutes(10);
        relay.Give(new SessionInput.TimeReached(relay.Now));

        relay.State.Phase.ShouldBe(RelayMachine.Returning);
    }

    [Fact]
    public void Decide_OptionalStepFails_EndsDegradedAndNamesIt()
    {
        var relay = Relay().Done(RelayMachine.OpenRoad).Done(RelayMachine.Carry, "a").Done(RelayMachine.Carry, "b").Done(RelayMachine.HandOver)
            .End(RelayMachine.SendCard, StepResult.Refused("no stamps"));

        relay.State.Status.ShouldBe(SessionStatus.Degraded);
        relay.State.Outcome!.ShouldContain("SendCard (no stamps)");
    }
}

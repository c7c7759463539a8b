using CsCheck;
using DrMesh.Contracts.Recovery;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Recovery;
using DrMesh.Core.Recovery.ReplicaSets;
using DrMesh.Core.Sessions;
using DrMesh.Core.Tests.Sessions;

namespace DrMesh.Core.Tests.Recovery;

/// <summary>Clusters and replica sets of one application move in the estate's order, and what becomes of those that moved when a later one fails.</summary>
public sealed class MoveOrderTests
{
    [Fact]
    public void Switchover_SetBeforeClusterDoesNotMove_EverythingGoesBack()
    {
        var driver = Run(RecoveryKind.Switchover, ["carts", "reviews", "orders"], (key, state) => key is { Step.Value: "MoveSetPrimary", Target: "reviews" } ? StepResult.Refused("no") : MovePlans.Well(key, state));

        (driver.State.Status, driver.State.Phase).ShouldBe((SessionStatus.Failed, DrPhases.Failed));
        driver.State.Outcome.ShouldBe("nothing was promoted; the old primary serves where it is alive (MoveSetPrimary reviews: no)");
        driver.State.Find(DrSteps.PromoteCandidate, "orders").ShouldBeNull();
        driver.StatusOf(DrSteps.ReturnToOldPrimary, "orders").ShouldBe(StepStatus.Done);
        driver.State.Steps.Count(step => step is { Step.Value: "ReleaseSet", Status: StepStatus.Done }).ShouldBe(2);
        driver.State.Find(DrSteps.SwitchService, "web").ShouldBeNull();
    }

    [Fact]
    public void Switchover_SetBeforeClusterMoves_CancelBringsItBack()
    {
        var driver = Until(RecoveryKind.Switchover, ["carts", "orders"], state => state.Find(DrSteps.ProveSetWrite, "carts") is { Status: StepStatus.Intended });

        driver.Machine.AnswerCancel(driver.State).Accepted.ShouldBeTrue();
        driver.Give(new SessionInput.CancelAsked(driver.Now, "ann", "not today"));
        driver.Done(DrSteps.ProveSetWrite);
        driver.State.Phase.ShouldBe(DrPhases.Returning);
        SetSession.WayBack(driver.State, "carts").ShouldNotBeNull().Candidate.ShouldBe(ReplicaSets.Sets.Host(0));
        Finish(driver, MovePlans.Well);

        driver.State.Status.ShouldBe(SessionStatus.Cancelled);
    }

    [Fact]
    public void Switchover_SetBeforeClusterTakesTooLong_EverythingGoesBack()
    {
        var driver = Until(RecoveryKind.Switchover, ["carts", "orders"], state => state.Phase == DrPhases.HandingOverSets);
        driver.Now += TimeSpan.FromMinutes(1);
        driver.End(DrSteps.MoveSetPrimary, StepResult.Unknown("it waits"));

        driver.State.Phase.ShouldBe(DrPhases.Returning, "orders has stopped writing meanwhile");
    }

    [Theory]
    [InlineData(RecoveryKind.Failover, "carts orders")]
    [InlineData(RecoveryKind.Switchover, "orders carts")]
    public void Cancel_WhatMovedCannotGoBack_IsRefused(RecoveryKind kind, string order)
    {
        var driver = Until(kind, order.Split(' '), state => state.Phase == DrPhases.MovingSets);

        driver.Machine.AnswerCancel(driver.State).ShouldBe(CancelResult.Refused("in phase MovingSets it is not safe to stop: a new primary serves already, or is about to; go back with drmesh failback"));
    }

    [Theory]
    [InlineData(RecoveryKind.Failover, "carts orders")]
    [InlineData(RecoveryKind.Switchover, "orders carts billing")]
    public void Move_SetDoesNotMove_ClustersBehindItDoNevertheless(RecoveryKind kind, string order)
    {
        var driver = Run(kind, order.Split(' '), (key, state) => key.Step.Value is "MoveSetPrimary" or "SettleSet" ? StepResult.Refused("no") : MovePlans.Well(key, state));

        driver.State.Status.ShouldBe(SessionStatus.Degraded);
        driver.State.Outcome.ShouldNotBeNull().ShouldEndWith("; without SettleSet carts (no)");
        driver.State.Plan.Clusters.ShouldAllBe(move => driver.StatusOf(DrSteps.ProveWrite, move.Cluster.Value) == StepStatus.Done);
    }

    [Fact]
    public void Move_CandidateOfALaterTurnIsLost_OnlyItsTurnIsFencedAgain()
    {
        var lost = 0;
        var driver = Run(RecoveryKind.Failover, ["orders", "carts", "billing"], (key, state) => key.Step.Value == "PromoteCandidate" && lost++ is 0 or 1 or 3 or 4 ? StepResult.Refused("lost") : MovePlans.Well(key, state));

        driver.State.Status.ShouldBe(SessionStatus.Succeeded, "each turn has tries of its own");
        driver.State.Steps.Where(step => step.Step == DrSteps.RaiseEpoch).Select(step => $"{step.Phase} {step.Target}").ShouldBe(
            ["Fencing orders", "Fencing billing", "Refencing orders", "Refencing orders", "Refencing billing", "Refencing billing"]);
    }

    [Fact]
    public void Move_LossOfAnotherTurnWasApproved_TheLostCandidateIsReplaced()
    {
        var lost = 0;
        StepResult Answer(StepKey key, SessionState<RecoveryPlan> state) => key switch
        {
            { Step.Value: "ChooseCandidate", Target: "billing" } => StepResult.Done(("candidate", "us"), ("loss", "unknown"), ("acceptable", "false")),
            { Step.Value: "PromoteCandidate", Target: "orders" } when lost++ == 0 => StepResult.Refused("lost"),
            _ => MovePlans.Well(key, state),
        };
        var driver = Run(RecoveryKind.Failover, ["orders", "carts", "billing"], Answer);
        driver.Give(new SessionInput.ApprovalGiven(driver.Now, SetSession.Approval, "ann"));
        Finish(driver, Answer);

        driver.State.Status.ShouldBe(SessionStatus.Succeeded, driver.State.Outcome);
    }

    [Theory]
    [InlineData(RecoveryKind.Failover)]
    [InlineData(RecoveryKind.Switchover)]
    [InlineData(RecoveryKind.Failback)]
    public void Move_WhateverHappens_OrderAndWayBackHold(RecoveryKind kind) =>
        Gen.Int.Sample(seed =>
        {
            var random = new Random(seed);
            string[] names = ["orders", "billing", "carts", "reviews"];
            random.Shuffle(names);
            string[] order = names[..random.Next(1, 5)];
            var driver = new MachineDriver<RecoveryPlan>(DrSession.Machine, MovePlans.Of(kind, order)).Begin();
            var checkedUpTo = 0;
            for (var moves = 0; moves < 400 && !driver.State.IsEnded; moves++)
            {
                Happen(driver, random);
                for (; checkedUpTo < driver.State.Events.Count; checkedUpTo++)
                {
                    if (driver.State.Events[checkedUpTo] is { Kind: SessionEventKind.StepIntended } started)
                    {
                        Check(driver.State, order, started.Data["step"], started.Data["target"]);
                    }
                }

                if (driver.Machine.AnswerCancel(driver.State).Accepted)
                {
                    (WasStarted(driver.State, "PromoteCandidate") || (kind == RecoveryKind.Failover && WasStarted(driver.State, "MoveSetPrimary"))).ShouldBeFalse("a cancel would be honoured");
                }
            }

            driver.State.IsEnded.ShouldBeTrue($"{driver.State.Phase}");
            if (kind != RecoveryKind.Failover && !WasStarted(driver.State, "PromoteCandidate") && driver.State.Status is SessionStatus.Failed or SessionStatus.Cancelled && WasStarted(driver.State, "MoveSetPrimary"))
            {
                (WasStarted(driver.State, "ReleaseSet") || driver.State.Steps.Any(step => step is { Step.Value: "ReturnToOldPrimary", Status: StepStatus.Failed or StepStatus.Unknown })).ShouldBeTrue("what has moved goes back, unless a cluster cannot");
            }
        }, iter: 500);

    private static void Check(SessionState<RecoveryPlan> state, string[] order, string step, string target)
    {
        if (step is "PromoteCandidate" or "MoveSetPrimary")
        {
            var place = Array.IndexOf(order, target);
            var turn = order[..place].TakeWhile((_, index) => order[index..(place + 1)].Any(name => MovePlans.IsSet(name) != MovePlans.IsSet(target)));
            turn.ShouldAllBe(name => IsOver(state, name), $"{step} {target} in {string.Join(' ', order)}");
        }
        else if (step == "SwitchService")
        {
            order.ShouldAllBe(name => IsOver(state, name), $"traffic in {string.Join(' ', order)}");
        }
        else if (step is "ReturnToOldPrimary" or "ReleaseSet")
        {
            WasStarted(state, "PromoteCandidate").ShouldBeFalse("there is no way back");
        }
    }

    private static bool IsOver(SessionState<RecoveryPlan> state, string name) => MovePlans.IsSet(name)
        ? state.Steps.Where(step => step.Target == name).All(step => step.Status is not (StepStatus.Intended or StepStatus.Pending) || step.Step == DrSteps.SettleSet) && state.Find(DrSteps.MoveSetPrimary, name) is not null
        : state.Find(DrSteps.ProveWrite, name) is { Status: StepStatus.Done };

    private static bool WasStarted(SessionState<RecoveryPlan> state, string step) => state.Steps.Any(record => record.Step.Value == step && record.Attempts > 0);

    private static void Happen(MachineDriver<RecoveryPlan> driver, Random random)
    {
        switch (random.Next(20))
        {
            case 0:
                driver.Running.Clear();
                driver.Give(new SessionInput.Woken(driver.Now, "other"));
                break;
            case 1 when random.Next(8) == 0 && driver.Machine.AnswerCancel(driver.State).Accepted:
                driver.Give(new SessionInput.CancelAsked(driver.Now, "ann", "a test"));
                break;
            case < 12 when driver.Running.Count > 0:
                var run = driver.Running[random.Next(driver.Running.Count)];
                driver.End(run.Key.Step, random.Next(12) switch { 0 => StepResult.Refused("no"), 1 => StepResult.Failed("not now"), 2 => StepResult.Unknown("who knows"), _ => MovePlans.Well(run.Key, driver.State) }, run.Key.Target);
                break;
            default:
                driver.Now += TimeSpan.FromSeconds(3);
                driver.Give(driver.State.Asked is { } asked ? new SessionInput.ApprovalGiven(driver.Now, asked.Name, "ann") : new SessionInput.TimeReached(driver.Now));
                break;
        }
    }

    private static MachineDriver<RecoveryPlan> Until(RecoveryKind kind, string[] order, Func<SessionState<RecoveryPlan>, bool> isThere)
    {
        var driver = new MachineDriver<RecoveryPlan>(DrSession.Machine, MovePlans.Of(kind, order)).Begin();
        for (var moves = 0; moves < 100 && !isThere(driver.State); moves++)
        {
            var run = driver.Running[0];
            driver.End(run.Key.Step, MovePlans.Well(run.Key, driver.State), run.Key.Target);
        }

        isThere(driver.State).ShouldBeTrue(driver.State.Phase.Value);
        return driver;
    }

    private static MachineDriver<RecoveryPlan> Run(RecoveryKind kind, string[] order, Func<StepKey, SessionState<RecoveryPlan>, StepResult> answer)
    {
        var driver = new MachineDriver<RecoveryPlan>(DrSession.Machine, MovePlans.Of(kind, order)).Begin();
        Finish(driver, answer);
        return driver;
    }

    // To its end, or to what a person is asked.
    private static void Finish(MachineDriver<RecoveryPlan> driver, Func<StepKey, SessionState<RecoveryPlan>, StepResult> answer)
    {
        for (var moves = 0; moves < 200 && driver.Running is [var run, ..]; moves++)
        {
            driver.End(run.Key.Step, answer(run.Key, driver.State), run.Key.Target);
        }
    }
}

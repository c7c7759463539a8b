using CsCheck;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Sessions;
using DrMesh.TestKit.Crash;

namespace DrMesh.Core.Tests.Sessions;

/// <summary>What holds for any machine under any sequence of inputs, seen on the relay.</summary>
public sealed class SessionMachineProperties
{
    [Fact]
    public void Decide_AnySequence_KeepsItsPromises() =>
        Gen.Int[0, 999].Array[1, 60].Sample(choices =>
        {
            var relay = new MachineDriver<RelayPlan>(
                RelayMachine.Create(), new RelayPlan { Parcels = ["a", "b", "c"], AsksFirst = choices[0] % 2 == 0 }).Begin();
            var keys = new HashSet<StepKey>(relay.Running.Select(run => run.Key));
            foreach (var choice in choices)
            {
                relay.Effects.Clear();
                var before = relay.State;
                relay.Now += TimeSpan.FromMilliseconds(choice % 50);
                Step(relay, choice);
                foreach (var run in relay.Effects.OfType<SessionEffect.RunStep>())
                {
                    Assert(keys.Add(run.Key), $"{run.Key} was started twice");
                    Assert(relay.State.Find(run.Key.Step, run.Key.Target)!.Status == StepStatus.Intended, $"{run.Key} runs without a stored intent");
                }

                Assert(!before.IsEnded || ReferenceEquals(before, relay.State), "an ended session changed");
                Assert(relay.State.Events.Take(before.Events.Count).SequenceEqual(before.Events), "a told event changed");
                Assert(relay.State.IsEnded || relay.Running.Count > 0 || relay.State.Asked is not null || HasAlarm(relay), "the session hangs");
            }
        });

    [Fact]
    public void Decide_WhateverHappened_UndisturbedItReachesAnEnd() =>
        Gen.Int[0, 999].Array[1, 40].Sample(choices =>
        {
            var relay = new MachineDriver<RelayPlan>(RelayMachine.Create(), new RelayPlan { Parcels = ["a", "b"] }).Begin();
            foreach (var choice in choices)
            {
                Step(relay, choice);
            }

            for (var round = 0; round < 50 && !relay.State.IsEnded; round++)
            {
                relay.Now += TimeSpan.FromMinutes(1);
                relay.Give(new SessionInput.TimeReached(relay.Now));
                foreach (var run in relay.Running.ToArray())
                {
                    relay.Running.Remove(run);
                    relay.Give(new SessionInput.StepEnded(relay.Now, run.Key, StepResult.Done()));
                }
            }

            Assert(relay.State.IsEnded, $"stands in {relay.State.Phase}");
        });

    private static void Step(MachineDriver<RelayPlan> relay, int choice)
    {
        switch (choice % 12)
        {
            case < 6 when relay.Running.Count > 0:
                var run = relay.Running[choice / 12 % relay.Running.Count];
                relay.Running.Remove(run);
                relay.Give(new SessionInput.StepEnded(relay.Now, run.Key, Result(choice / 12)));
                break;
            case < 8:
                relay.Give(new SessionInput.TimeReached(relay.Now));
                break;
            case 8:
                relay.Running.Clear();
                relay.Give(new SessionInput.Woken(relay.Now, "silo"));
                break;
            case 9 when relay.Machine.AnswerCancel(relay.State).Accepted && choice % 5 == 0:
                relay.Give(new SessionInput.CancelAsked(relay.Now, "ann", "test"));
                break;
            default:
                if (relay.Machine.AnswerApprove(relay.State, "HandOver", "ann").Accepted)
                {
                    relay.Give(new SessionInput.ApprovalGiven(relay.Now, "HandOver", "ann"));
                }

                break;
        }
    }

    private static StepResult Result(int choice) => (choice % 6) switch
    {
        0 => StepResult.Failed("failed"),
        1 => StepResult.Unknown("no answer"),
        _ => StepResult.Done(),
    };

    private static bool HasAlarm(MachineDriver<RelayPlan> relay) =>
        relay.State.Deadline is not null || relay.State.CurrentSteps.Any(step => step.NotBefore is not null);

    private static void Assert(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new ShouldAssertException(otherwise);
        }
    }
}

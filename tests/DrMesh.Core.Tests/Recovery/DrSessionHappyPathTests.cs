using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Recovery;
using DrMesh.Contracts.Regions;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Recovery;
using DrMesh.Core.Sessions;
using DrMesh.Core.Tests.Sessions;

namespace DrMesh.Core.Tests.Recovery;

/// <summary>What <c>--plan</c> promises is what the machine does when every step goes well.</summary>
public sealed class DrSessionHappyPathTests
{
    public static TheoryData<RecoveryKind, FailoverStrategy, bool, bool> Plans => new MatrixTheoryData<RecoveryKind, FailoverStrategy, bool, bool>(
        [RecoveryKind.Failover, RecoveryKind.Switchover, RecoveryKind.Failback], [FailoverStrategy.Manual, FailoverStrategy.HotStandby, FailoverStrategy.WarmStandby], [false, true], [false, true]);

    [Theory]
    [MemberData(nameof(Plans))]
    public void HappyPath_EveryStepGoesWell_IsTheWayTheMachineGoes(RecoveryKind kind, FailoverStrategy strategy, bool asksFirst, bool hasSet)
    {
        var plan = new RecoveryPlan
        {
            Kind = kind,
            Strategy = strategy,
            Application = "shop",
            From = new RegionId("eu"),
            LossLimitBytes = 0,
            Lease = TimeSpan.FromSeconds(3),
            Services = ["web"],
            ApprovalReasons = asksFirst ? ["a policy"] : [],
            Sets = hasSet ? [ReplicaSets.Sets.Move(3)] : [],
            Clusters =
            [
                new ClusterMove { Cluster = Facts.Orders, OldPrimary = "eu", Standbys = ["us", "ap"], Promotable = ["us", "ap"], OpenSets = [AcknowledgingSet.Nobody] },
            ],
        };
        var driver = new MachineDriver<RecoveryPlan>(DrSession.Machine, plan).Begin();
        HashSet<string> ran = [];
        for (var moves = 0; moves < 200 && !driver.State.IsEnded; moves++)
        {
            if (driver.Running is [var run, ..])
            {
                ran.Add(run.Key.Step.Value);
                driver.End(run.Key.Step, Well(run.Key, driver.State));
            }
            else if (driver.State.Phase == DrPhases.AwaitingApproval)
            {
                driver.Give(new SessionInput.ApprovalGiven(driver.Now, "Begin", "ann"));
            }
        }

        driver.State.Status.ShouldBe(SessionStatus.Succeeded);
        var path = DrSession.HappyPath(plan).ToArray();
        driver.State.Transitions.Select(moved => moved.To).ShouldBe(path.Select(phase => phase.Phase.Value));
        ran.ShouldBe(path.SelectMany(phase => phase.Steps).Select(step => step.Value), ignoreOrder: true);
    }

    private static StepResult Well(StepKey key, SessionState<RecoveryPlan> state) => key.Step.Value switch
    {
        "RaiseEpoch" => StepResult.Done(("sets", "0:")) with { RaisedEpoch = 7 },
        "CollectPromises" => StepResult.Done(CandidateChoice.ToEvidence(new Promise("us", 7, new TimelineId(1), new Lsn(1000)))),
        "FenceOldPrimary" => StepResult.Done(("stopped", "yes")),
        "AwaitLease" => StepResult.Done(("excluded", "yes"), ("reach", "1:0/3E8")),
        "StopWrites" => StepResult.Done(("lsn", new Lsn(900).ToString()), ("timeline", "1")),
        "RaiseSetEpoch" => StepResult.Done() with { RaisedEpoch = 3 },
        "ChooseSetPrimary" => StepResult.Done(("way", "HandOver"), ("acceptable", "true")),
        "ChooseCandidate" => CandidateChoice.Decide(state, key.Target, key.Epoch),
        _ => StepResult.Done(),
    };
}

using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Recovery;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Recovery;
using DrMesh.Core.Sessions;
using DrMesh.Core.Tests.Sessions;

namespace DrMesh.Core.Tests.Recovery;

/// <summary>What <c>--plan</c> promises is what the machine does when every step goes well.</summary>
public sealed class DrSessionHappyPathTests
{
    private static readonly string[] Orders = ["orders", "carts", "orders carts", "carts orders", "orders billing", "orders carts billing reviews"];

    public static TheoryData<RecoveryKind, FailoverStrategy, bool, string> Plans => new MatrixTheoryData<RecoveryKind, FailoverStrategy, bool, string>(
        [RecoveryKind.Failover, RecoveryKind.Switchover, RecoveryKind.Failback], [FailoverStrategy.Manual, FailoverStrategy.HotStandby, FailoverStrategy.WarmStandby], [false, true], Orders);

    [Theory]
    [MemberData(nameof(Plans))]
    public void Of_EveryStepGoesWell_IsTheWayTheMachineGoes(RecoveryKind kind, FailoverStrategy strategy, bool asksFirst, string order)
    {
        var plan = MovePlans.Of(kind, order.Split(' ')) with { Strategy = strategy, ApprovalReasons = asksFirst ? ["a policy"] : [] };
        var driver = new MachineDriver<RecoveryPlan>(DrSession.Machine, plan).Begin();
        for (var moves = 0; moves < 200 && !driver.State.IsEnded; moves++)
        {
            if (driver.Running is [var run, ..])
            {
                driver.End(run.Key.Step, MovePlans.Well(run.Key, driver.State), run.Key.Target);
            }
            else if (driver.State.Phase == DrPhases.AwaitingApproval)
            {
                driver.Give(new SessionInput.ApprovalGiven(driver.Now, "Begin", "ann"));
            }
        }

        driver.State.Status.ShouldBe(SessionStatus.Succeeded);
        var path = HappyPath.Of(plan);
        driver.State.Transitions.Select(moved => moved.To).ShouldBe(path.Select(phase => phase.Phase.Value));
        driver.State.Steps.Select(step => step.Step.Value).Distinct().ShouldBe(path.SelectMany(phase => phase.Steps).Select(step => step.Value).Distinct());
    }

    [Theory]
    [InlineData(RecoveryKind.Failover, "carts orders billing", "MovingSets carts; Promoting orders billing; Validating orders billing; SwitchingTraffic web")]
    [InlineData(RecoveryKind.Failover, "orders carts billing", "Promoting orders; Validating orders; MovingSets carts; Promoting billing; Validating billing; SwitchingTraffic web")]
    [InlineData(RecoveryKind.Switchover, "carts orders reviews", "HandingOverSets carts; Promoting orders; Validating orders; MovingSets reviews; SwitchingTraffic web")]
    [InlineData(RecoveryKind.Failback, "reviews carts", "HandingOverSets reviews carts; SwitchingTraffic web")]
    public void Of_SeveralClustersAndSets_MoveInTheEstatesOrder(RecoveryKind kind, string order, string expected)
    {
        var path = HappyPath.Of(MovePlans.Of(kind, order.Split(' ')));

        string[] readying = ["PreparingSite", "SyncingBack", "Assessing", "Fencing", "Quiescing", "Stabilising", "Completed"];
        string.Join("; ", path.Where(phase => !readying.Contains(phase.Phase.Value)).Select(phase => $"{phase.Phase} {string.Join(' ', phase.Targets)}")).ShouldBe(expected);
    }
}

using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Traffic;
using DrMesh.Core.Traffic;

namespace DrMesh.Core.Tests.Traffic;

public sealed class TrafficOrdersTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;
    private static readonly DnsProviderDefinition Provider = new() { Name = "main" };

    [Fact]
    public void Accept_FirstOrder_RaisesTheGenerationAndRecordsTheIntent()
    {
        var (next, answer) = Accept(new TrafficState(), Order("a", epoch: 5));

        next.Generation.ShouldBe(1);
        next.Epoch.ShouldBe(5);
        next.Active.ShouldBeNull("nothing has moved yet");
        next.Running!.Mark.ShouldBe(new OwnerMark(new ServiceId("shop"), 5, 1));
        answer.Phase.ShouldBe(TrafficPhase.Changing);
    }

    [Fact]
    public void Accept_SameIdAgain_ChangesNothing()
    {
        var (first, _) = Accept(new TrafficState(), Order("a", epoch: 5));

        var (second, answer) = Accept(first, Order("a", epoch: 5));

        second.ShouldBeSameAs(first);
        answer.OperationId.ShouldBe("a");
        answer.EndedAt.ShouldBeNull();
    }

    [Fact]
    public void Accept_SameIdAfterItsEnd_ReturnsTheOutcome()
    {
        var state = Ended(Accept(new TrafficState(), Order("a", epoch: 5)).Next);

        var (next, answer) = Accept(state, Order("a", epoch: 5));

        next.ShouldBeSameAs(state);
        answer.Phase.ShouldBe(TrafficPhase.Switched);
    }

    [Fact]
    public void Accept_OlderEpoch_IsRefused()
    {
        var state = Ended(Accept(new TrafficState(), Order("a", epoch: 5)).Next);

        var (next, answer) = Accept(state, Order("b", epoch: 4));

        next.ShouldBeSameAs(state);
        answer.Phase.ShouldBe(TrafficPhase.Refused);
        answer.Detail.ShouldBe("the order carries epoch 4 and service shop has seen epoch 5");
    }

    [Fact]
    public void Accept_NoEpoch_TakesTheHighestSeen()
    {
        var state = Ended(Accept(new TrafficState(), Order("a", epoch: 5)).Next);

        Accept(state, Order("b", epoch: null)).Answer.Epoch.ShouldBe(5);
    }

    [Fact]
    public void Accept_AnotherRuns_IsRefusedWithItsId()
    {
        var (running, _) = Accept(new TrafficState(), Order("a", epoch: 5));

        var (next, answer) = Accept(running, Order("b", epoch: 6));

        next.ShouldBeSameAs(running);
        answer.Phase.ShouldBe(TrafficPhase.Refused);
        answer.Detail.ShouldContain("switch a to us-east-1 is still changing");
    }

    [Fact]
    public void End_ManyOrders_RemembersTheLastTen()
    {
        var state = new TrafficState();
        foreach (var i in Enumerable.Range(1, 15))
        {
            state = Ended(Accept(state, Order($"o{i}", epoch: i)).Next);
        }

        state.Ended.Count.ShouldBe(TrafficState.RememberedOrders);
        state.Ended[0].OperationId.ShouldBe("o15");
    }

    private static (TrafficState Next, TrafficOperation Answer) Accept(TrafficState state, SwitchTraffic order) =>
        TrafficOrders.Accept(state, order, Shop.Service(), Provider, Now);

    private static TrafficState Ended(TrafficState state) =>
        TrafficOrders.End(state, state.Running!, TrafficPhase.Switched, "", "", Now);

    private static SwitchTraffic Order(string id, long? epoch) => new() { OperationId = id, To = Shop.Us, Epoch = epoch, Reason = "test" };
}

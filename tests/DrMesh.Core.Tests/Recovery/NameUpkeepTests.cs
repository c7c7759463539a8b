using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Regions;
using DrMesh.Contracts.Sessions;
using DrMesh.Contracts.Traffic;
using DrMesh.Core.Recovery;

namespace DrMesh.Core.Tests.Recovery;

public sealed class NameUpkeepTests
{
    private static readonly RegionId Us = new("us");
    private static readonly ClusterRecord Record = Facts.Record with { Primary = "us", Epoch = 4 };

    [Theory]
    [InlineData(TrafficPhase.Refused)]
    [InlineData(TrafficPhase.Failed)]
    [InlineData(TrafficPhase.Degraded)]
    public void EpochToMove_SessionCouldNotMoveThem_IsTheClusters(TrafficPhase phase) => NameUpkeep.EpochToMove(Record, Us, Traffic("eu", "us", phase)).ShouldBe(4);

    [Fact]
    public void EpochToMove_AnOlderSwitchArrivedAfterTheCluster_Moves() => NameUpkeep.EpochToMove(Record, Us, Traffic("eu", "eu", TrafficPhase.Switched)).ShouldBe(4);

    [Fact]
    public void EpochToMove_Arrived_IsNone() => NameUpkeep.EpochToMove(Record, Us, Traffic("us", "us", TrafficPhase.Switched)).ShouldBeNull();

    [Fact]
    public void EpochToMove_APersonMovedThemLast_IsNone() => NameUpkeep.EpochToMove(Record, Us, Traffic("eu", "eu", TrafficPhase.Switched, "op-1")).ShouldBeNull();

    [Fact]
    public void EpochToMove_ASessionHoldsTheCluster_IsNone() =>
        NameUpkeep.EpochToMove(Record with { Session = new SessionId("recovery-2") }, Us, Traffic("eu", "us", TrafficPhase.Refused)).ShouldBeNull();

    [Fact]
    public void EpochToMove_StillOnTheirWay_IsNone()
    {
        var traffic = Traffic("eu", "us", TrafficPhase.Changing);

        NameUpkeep.EpochToMove(Record, Us, traffic with { Last = traffic.Last! with { EndedAt = null } }).ShouldBeNull();
    }

    private static TrafficStatus Traffic(string active, string to, TrafficPhase phase, string operation = "recovery-1/orders-db/7") => new()
    {
        Service = new ServiceDefinition { Name = "orders-db", Provider = "own", Zone = "shop.test", Names = ["orders.shop.test"], Answers = [] },
        Active = new RegionId(active),
        Epoch = 3,
        Last = new TrafficOperation { OperationId = operation, To = new RegionId(to), Epoch = 3, Phase = phase, EndedAt = Facts.Now },
    };
}

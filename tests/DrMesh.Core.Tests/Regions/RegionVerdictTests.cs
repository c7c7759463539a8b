using DrMesh.Contracts.Regions;
using DrMesh.Core.Regions;

namespace DrMesh.Core.Tests.Regions;

public sealed class RegionVerdictTests
{
    private static readonly DateTimeOffset Since = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Of_AllActive_IsUp() => RegionVerdict.Of([Silo("n1"), Silo("n2")]).ShouldBe(new RegionVerdict(RegionState.Up, null));

    [Theory]
    [InlineData(SiloState.Dead)]
    [InlineData(SiloState.Silent)]
    [InlineData(SiloState.Joining)]
    [InlineData(SiloState.Leaving)]
    public void Of_OneNotActive_IsDegradedAndNamesIt(SiloState state) =>
        RegionVerdict.Of([Silo("n1"), Silo("n2", state)]).ShouldBe(new RegionVerdict(RegionState.Degraded, "a/n2 is not active"));

    [Fact]
    public void Of_OneBlindToTheStore_IsDegradedSinceItsLoss() =>
        RegionVerdict.Of([Silo("n1"), Silo("n2", blind: true)])
            .ShouldBe(new RegionVerdict(RegionState.Degraded, "the control store is unreachable from a/n2 since 2026-11-01 12:00:00Z"));

    [Fact]
    public void Of_OnlySilent_IsSilentNotDown() =>
        RegionVerdict.Of([Silo("n1", SiloState.Silent), Silo("n2", SiloState.Dead)]).ShouldBe(new RegionVerdict(RegionState.Silent, "a/n1 did not answer"));

    [Fact]
    public void Of_OnlyDead_IsDown() =>
        RegionVerdict.Of([Silo("n1", SiloState.Dead)]).ShouldBe(new RegionVerdict(RegionState.Down, "it has no running silo"));

    private static SiloHealth Silo(string name, SiloState state = SiloState.Active, bool blind = false) => new()
    {
        Node = new NodeId(new RegionId("a"), name),
        Address = "127.0.0.1:1",
        State = state,
        StartedAt = Since,
        ControlStore = new Reachability { IsReachable = !blind, Since = Since },
    };
}

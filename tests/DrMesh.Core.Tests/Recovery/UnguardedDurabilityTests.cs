using DrMesh.Contracts.Estate;
using DrMesh.Core.Recovery;

namespace DrMesh.Core.Tests.Recovery;

public sealed class UnguardedDurabilityTests
{
    private static readonly DurabilityDefinition Async = new() { Mode = DurabilityMode.Async };

    [Fact]
    public void Refusal_AsyncUnderAnAutomaticPolicyWithoutGuards_NamesTheNodes() =>
        Refusal(FailoverStrategy.Automatic, AgentGuard.None, Async).ShouldNotBeNull().ShouldContain("ap/db1, eu/db1, us/db1");

    [Fact]
    public void Refusal_AsyncOnceTheQuorumIsLost_IsTheSame() =>
        Refusal(FailoverStrategy.Automatic, AgentGuard.None, new DurabilityDefinition { Mode = DurabilityMode.Quorum, WhenQuorumLost = QuorumLost.Async }).ShouldNotBeNull();

    [Theory]
    [InlineData(FailoverStrategy.Automatic, AgentGuard.Bound)]
    [InlineData(FailoverStrategy.HotStandby, AgentGuard.None)]
    public void Refusal_GuardedOrByHand_IsNone(FailoverStrategy strategy, AgentGuard guard) => Refusal(strategy, guard, Async).ShouldBeNull();

    [Fact]
    public void Refusal_QuorumThatWaits_IsNone() =>
        Refusal(FailoverStrategy.Automatic, AgentGuard.None, new DurabilityDefinition { Mode = DurabilityMode.Quorum, WhenQuorumLost = QuorumLost.Wait }).ShouldBeNull();

    private static string? Refusal(FailoverStrategy strategy, AgentGuard guard, DurabilityDefinition durability)
    {
        var estate = Facts.Estate with
        {
            Policies = [new PolicyDefinition { Name = "policy", Failover = new FailoverPolicy { Strategy = strategy } }],
            Regions = [.. Facts.Estate.Regions.Select(region => region with { Nodes = [.. region.Nodes.Select(node => node with { Guard = guard })] })],
        };
        return UnguardedDurability.Refusal(estate, Facts.Cluster, durability);
    }
}

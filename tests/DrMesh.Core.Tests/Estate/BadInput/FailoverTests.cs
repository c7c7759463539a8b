namespace DrMesh.Core.Tests.Estate.BadInput;

/// <summary>Durability, failover and detection.</summary>
public sealed class FailoverTests
{
    [Fact]
    public void Read_QuorumImpossible_IsNamed() => BadEstate.With(
            "      mode: quorum",
            "      mode: quorum\n      acknowledgements: 3").ShouldBeFoundAs(
        "estate.yaml:27:7: clusters.orders.durability.acknowledgements: a quorum of 3 needs 3 standbys outside eu, found 2: orders-ap, orders-us");

    [Fact]
    public void Read_QuorumWithoutStandby_IsNamed() => BadEstate.With(
            "      orders-us: { node: us/a, dataDirectory: /data }\n      orders-ap: { node: ap/a, dataDirectory: /data }\n",
            "").ShouldBeFoundAs(
        "estate.yaml:25:5: clusters.orders.durability: quorum needs a standby in another region than eu, found none; add a member there, or set mode: async");

    [Fact]
    public void Read_QuorumOfAll_IsNamed() => BadEstate.With("      mode: quorum", "      mode: quorum\n      acknowledgements: 2").ShouldBeFoundAs(
        "estate.yaml:25:5: warning: clusters.orders.durability: each of the 2 standbys outside eu must acknowledge, so its loss stops every write; add a standby, or set whenQuorumLost: async");

    [Fact]
    public void Read_AsyncWithAcknowledgements_IsNamed() => BadEstate.With(
            "      mode: quorum",
            "      mode: async\n      acknowledgements: 2").ShouldBeFoundAs(
        "estate.yaml:27:7: warning: clusters.orders.durability.acknowledgements: acknowledgements is not used with mode: async");

    [Fact]
    public void Read_AsyncWithRpoZero_IsNamed() => BadEstate.With("rpo: 15m", "rpo: 0s").And("mode: quorum", "mode: async").ShouldBeFoundAs(
        """estate.yaml:23:5: clusters.orders.policy: policy "critical" promises rpo 0s, which cluster "orders" cannot keep with durability async; set durability.mode: quorum, or a longer rpo""");

    [Fact]
    public void Read_AutomaticAsyncWithoutGuard_IsNamed() => BadEstate.With("    rpo: 15m", "    failover: { strategy: automatic }").And("mode: quorum", "mode: async").ShouldBeFoundAs(
        """estate.yaml:23:5: clusters.orders.policy: policy "critical" is automatic and cluster "orders" is async, but ap/a, eu/a, us/a have no guard: a primary whose agent died would go on writing beside the promoted one; set guard: bound there, set durability.mode: quorum, or choose another strategy""");

    [Fact]
    public void Read_DownAfterTooShort_IsNamed() => BadEstate.With(
            "    rpo: 15m",
            "    detection: { probeEvery: 1s, probeTimeout: 500ms, downAfter: 1500ms }").ShouldBeFoundAs(
        "estate.yaml:13:55: policies.critical.detection.downAfter: 1s500ms is shorter than two probes, one every 1s: a single lost packet would count as a lost primary");

    [Fact]
    public void Read_ProbeTimeoutTooLong_IsNamed() => BadEstate.With("    rpo: 15m", "    detection: { probeTimeout: 5s }").ShouldBeFoundAs(
        "estate.yaml:13:5: policies.critical.detection.downAfter: 2s is shorter than probeTimeout (5s): no probe can fail in that time");

    [Fact]
    public void Read_RtoTooShort_IsNamed() => BadEstate.With("    rpo: 15m", "    rto: 2s\n    failover: { strategy: automatic }").ShouldBeFoundAs(
        "estate.yaml:13:5: policies.critical.rto: an rto of 2s cannot be kept: the primary counts as down only after 2s (detection.downAfter)");

    [Fact]
    public void Read_AutomaticAsyncWithGuards_FindsNothing() => BadEstate.With("    rpo: 15m", "    failover: { strategy: automatic }")
        .And("mode: quorum", "mode: async")
        .And("address: 10.1.0.1", "address: 10.1.0.1, guard: bound")
        .And("address: 10.2.0.1", "address: 10.2.0.1, guard: bound")
        .And("address: 10.3.0.1", "address: 10.3.0.1, guard: bound")
        .ShouldBeFoundAs();

    [Fact]
    public void Read_AutomaticAsyncByLostQuorumWithoutGuard_IsNamed() => BadEstate.With("    rpo: 15m", "    failover: { strategy: automatic }")
        .And("mode: quorum", "whenQuorumLost: async")
        .And("address: 10.1.0.1", "address: 10.1.0.1, guard: bound")
        .And("address: 10.2.0.1", "address: 10.2.0.1, guard: bound")
        .ShouldBeFoundAs(
            """estate.yaml:23:5: clusters.orders.policy: policy "critical" is automatic and cluster "orders" is async when its quorum is lost, but ap/a has no guard: a primary whose agent died would go on writing beside the promoted one; set guard: bound there, set whenQuorumLost: wait, or choose another strategy""");

    [Fact]
    public void Read_ApplicationPolicyAutomaticAsyncWithoutGuard_IsNamed() => BadEstate
        .With("policies:", "policies:\n  eager:\n    failover: { strategy: automatic }\n    backup: { repositories: [cold] }")
        .And("mode: quorum", "mode: async")
        .And("  shop:\n    policy: critical", "  shop:\n    policy: eager")
        .ShouldBeFoundAs(
            """estate.yaml:51:5: applications.shop.policy: policy "eager" is automatic and cluster "orders" is async, but ap/a, eu/a, us/a have no guard: a primary whose agent died would go on writing beside the promoted one; set guard: bound there, set durability.mode: quorum, or choose another strategy""");

    [Fact]
    public void Read_AutomaticWithTwoRegions_Warns() => BadEstate.With("    rpo: 15m", "    failover: { strategy: automatic }")
        .And("  ap:\n    nodes:\n      a: { address: 10.3.0.1 }\n", "")
        .And("      orders-ap: { node: ap/a, dataDirectory: /data }\n", "")
        .And("      ap: { values: [10.3.0.1] }\n", "")
        .ShouldBeFoundAs(
            """estate.yaml:20:5: warning: clusters.orders.policy: policy "critical" is automatic, but with 2 regions nobody can tell a lost region from a lost link: cluster "orders" fails over by itself only when its own agent reports the primary gone; add a third region""",
            "estate.yaml:22:5: warning: clusters.orders.durability: the only standby outside eu must acknowledge, so its loss stops every write; add a standby, or set whenQuorumLost: async");

    [Theory]
    [InlineData("pilot_light")]
    [InlineData("warm_standby")]
    public void Read_SiteFromTheRepositoryWithQuorum_IsNamed(string strategy) => BadEstate.With("    rpo: 15m", $"    failover: {{ strategy: {strategy} }}")
        .ShouldBeFoundAs(
            """estate.yaml:23:5: clusters.orders.policy: policy "critical" brings the other site up from the repository, so nobody outside eu follows "orders" and could acknowledge a commit; set durability.mode: async, or strategy: hot_standby""");

    [Fact]
    public void Read_HotStandbyWithoutStandby_IsNamed() => BadEstate.With("    rpo: 15m", "    failover: { strategy: hot_standby }")
        .And("orders-us: { node: us/a,", "orders-us: { node: us/a, promotable: false,")
        .And("orders-ap: { node: ap/a,", "orders-ap: { node: ap/a, promotable: false,")
        .ShouldBeFoundAs(
            """estate.yaml:23:5: clusters.orders.policy: policy "critical" fails over to a running standby, but cluster "orders" has none outside eu; add a member in another region, or choose another policy""");

    [Fact]
    public void Read_MongoDbVotes_AreCounted() => BadEstate.With(
        "dnsProviders:",
        """
          carts:
            engine: mongodb
            policy: critical
            primaryRegion: eu
            replicaSet: carts
            members:
              carts-eu: { node: eu/a }
              carts-us: { node: us/a }
              carts-ap: { node: ap/a, votes: false }
        dnsProviders:
        """)
        .And("schedules:", "  carts: { policy: critical, clusters: [carts] }\nschedules:")
        .ShouldBeFoundAs(
            "estate.yaml:38:5: warning: clusters.carts.members: 2 members vote: an even number survives no more losses than 1; add a voter, or set votes: false for one",
            "estate.yaml:41:7: clusters.carts.members.carts-ap.priority: a member without a vote must have priority 0");
}

namespace DrMesh.Core.Tests.Estate.BadInput;

/// <summary>Names that must be declared, and the regions they stand for.</summary>
public sealed class ReferenceTests
{
    [Fact]
    public void Read_NoRegions_IsNamed() => BadEstate.Of("regions: {}\n").ShouldBeFoundAs(
        "estate.yaml:1:1: regions: expected at least one, found none: where things run: each region with its nodes");

    [Fact]
    public void Read_RegionWithoutNodes_IsNamed() => BadEstate.With(
            "    nodes:\n      a: { address: 10.3.0.1 }",
            "    title: Singapore").ShouldBeFoundAs(
        """estate.yaml:8:3: regions.ap: key "nodes" is missing: the machines that carry databases or file trees""",
        """estate.yaml:31:20: clusters.orders.members.orders-ap.node: node "ap/a" is not declared; declared are eu/a, us/a""");

    [Fact]
    public void Read_RegionWithEmptyNodes_IsNamed() => BadEstate.With("    nodes:\n      a: { address: 10.3.0.1 }", "    nodes: {}").ShouldBeFoundAs(
        "estate.yaml:9:5: regions.ap.nodes: expected at least one, found none: the machines that carry databases or file trees",
        """estate.yaml:31:20: clusters.orders.members.orders-ap.node: node "ap/a" is not declared; declared are eu/a, us/a""");

    [Fact]
    public void Read_PrimaryRegionUnknown_IsNamed() => BadEstate.With("primaryRegion: eu", "primaryRegion: eu-west-1").ShouldBeFoundAs(
        """estate.yaml:24:5: clusters.orders.primaryRegion: region "eu-west-1" is not declared; declared are ap, eu, us""");

    [Fact]
    public void Read_PrimaryRegionMistyped_IsNamed() => BadEstate.With("primaryRegion: eu", "primaryRegion: ue").ShouldBeFoundAs(
        """estate.yaml:24:5: clusters.orders.primaryRegion: region "ue" is not declared; did you mean "eu"?""");

    [Fact]
    public void Read_PrimaryRegionWithoutMember_IsNamed() => BadEstate.With(
            "      orders-eu: { node: eu/a, dataDirectory: /data }\n",
            "").ShouldBeFoundAs(
        "estate.yaml:24:5: clusters.orders.primaryRegion: the cluster has no member in eu that may become primary; members that may become primary are in ap, us");

    [Fact]
    public void Read_PrimaryRegionNotPromotable_IsNamed() => BadEstate.With(
            "orders-eu: { node: eu/a,",
            "orders-eu: { node: eu/a, promotable: false,").ShouldBeFoundAs(
        "estate.yaml:24:5: clusters.orders.primaryRegion: the cluster has no member in eu that may become primary; members that may become primary are in ap, us");

    [Fact]
    public void Read_NodeUnknown_IsNamed() => BadEstate.With("node: us/a", "node: us/b").ShouldBeFoundAs(
        """estate.yaml:31:20: clusters.orders.members.orders-us.node: node "us/b" is not declared; did you mean "us/a"?""");

    [Fact]
    public void Read_PolicyUnknown_IsNamed() => BadEstate.With(
            "    policy: critical\n    primaryRegion",
            "    policy: critcal\n    primaryRegion").ShouldBeFoundAs(
        """estate.yaml:23:5: clusters.orders.policy: policy "critcal" is not declared; did you mean "critical"?""");

    [Fact]
    public void Read_PolicyNone_IsNamed() => BadEstate.With(
            "policies:\n  critical:\n    rpo: 15m\n    backup: { repositories: [cold] }\n",
            "").ShouldBeFoundAs(
        """estate.yaml:19:5: clusters.orders.policy: policy "critical" is not declared; there is no policy at all""",
        """estate.yaml:44:5: applications.shop.policy: policy "critical" is not declared; there is no policy at all""");

    [Fact]
    public void Read_RepositoryUnknown_IsNamed() => BadEstate.With("repositories: [cold] }", "repositories: [warm] }").ShouldBeFoundAs(
        """estate.yaml:14:30: policies.critical.backup.repositories[0]: repository "warm" is not declared; declared is cold""");

    [Fact]
    public void Read_ProviderUnknown_IsNamed() => BadEstate.With("provider: own", "provider: owm").ShouldBeFoundAs(
        """estate.yaml:38:5: services.db.provider: DNS provider "owm" is not declared; did you mean "own"?""");

    [Fact]
    public void Read_ClusterUnknown_IsNamed() => BadEstate.With("clusters: [orders]", "clusters: [order]").ShouldBeFoundAs(
        """estate.yaml:49:16: applications.shop.clusters[0]: cluster "order" is not declared; did you mean "orders"?""");

    [Fact]
    public void Read_ServiceUnknown_IsNamed() => BadEstate.With("services: [db]", "services: [db, web]").ShouldBeFoundAs(
        """estate.yaml:50:20: applications.shop.services[1]: service "web" is not declared; declared is db""");

    [Fact]
    public void Read_HookUnknown_IsNamed() => BadEstate.With(
            "    services: [db]",
            "    services: [db]\n    hooks: { notify: [pager] }").ShouldBeFoundAs(
        """estate.yaml:51:23: applications.shop.hooks.notify[0]: hook "pager" is not declared; there is no hook at all""");

    [Fact]
    public void Read_ApplicationUnknown_IsNamed() => BadEstate.With("application: shop", "application: store").ShouldBeFoundAs(
        """estate.yaml:55:5: schedules.hourly.application: application "store" is not declared; declared is shop""");

    [Fact]
    public void Read_NothingUses_IsNamed() => BadEstate.With("policies:", "policies:\n  spare:\n    rpo: 1h").ShouldBeFoundAs(
        "estate.yaml:12:3: warning: policies.spare: nothing uses this policy");
}

namespace DrMesh.Core.Tests.Estate.BadInput;

/// <summary>Members of clusters.</summary>
public sealed class MemberTests
{
    [Fact]
    public void Read_SameAddress_IsNamed() => BadEstate.With(
            "orders-us: { node: us/a, dataDirectory: /data }",
            "orders-us: { node: eu/a, dataDirectory: /data2 }").ShouldBeFoundAs(
        "estate.yaml:25:5: warning: clusters.orders.durability: the only standby outside eu must acknowledge, so its loss stops every write; add a standby, or set whenQuorumLost: async",
        "estate.yaml:31:7: clusters.orders.members.orders-us: address 10.1.0.1:5432 is already that of clusters.orders.members.orders-eu (line 30)");

    [Fact]
    public void Read_SameDirectory_IsNamed() => BadEstate.With(
            "orders-us: { node: us/a, dataDirectory: /data }",
            "orders-us: { node: eu/a, port: 5433, dataDirectory: /data/ }").ShouldBeFoundAs(
        "estate.yaml:25:5: warning: clusters.orders.durability: the only standby outside eu must acknowledge, so its loss stops every write; add a standby, or set whenQuorumLost: async",
        "estate.yaml:31:44: clusters.orders.members.orders-us.dataDirectory: directory eu/a:/data is already that of clusters.orders.members.orders-eu.dataDirectory (line 30)");

    [Fact]
    public void Read_UnitMissing_IsNamed() => BadEstate.With("a: { address: 10.1.0.1 }", "a: { address: 10.1.0.1, host: systemd }").ShouldBeFoundAs(
        """estate.yaml:30:7: clusters.orders.members.orders-eu: key "unit" is missing: node eu/a starts its servers by systemd""");

    [Fact]
    public void Read_UnitNotUsed_IsNamed() => BadEstate.With(
            "orders-eu: { node: eu/a,",
            "orders-eu: { node: eu/a, unit: postgresql.service,").ShouldBeFoundAs(
        "estate.yaml:30:32: warning: clusters.orders.members.orders-eu.unit: the unit is not used: node eu/a does not have host: systemd");

    [Fact]
    public void Read_PatroniUrlMissing_IsNamed() => BadEstate.With(
            "a: { address: 10.1.0.1 }",
            "a: { address: 10.1.0.1, host: patroni }").ShouldBeFoundAs(
        """estate.yaml:30:7: clusters.orders.members.orders-eu: key "patroniUrl" is missing: node eu/a runs its servers by Patroni""");

    [Fact]
    public void Read_PatroniOfTwoServers_IsNamed() => BadEstate.With("a: { address: 10.1.0.1 }", "a: { address: 10.1.0.1, host: patroni }")
        .And("a: { address: 10.2.0.1 }", "a: { address: 10.2.0.1, host: patroni }")
        .And("orders-eu: { node: eu/a, dataDirectory: /data }", "orders-eu: { node: eu/a, dataDirectory: /data, patroniUrl: \"http://10.1.0.1:8008\" }")
        .And("orders-us: { node: us/a, dataDirectory: /data }", "orders-us: { node: us/a, dataDirectory: /data, patroniUrl: \"http://10.1.0.1:8008/\" }").ShouldBeFoundAs(
        "estate.yaml:31:54: clusters.orders.members.orders-us.patroniUrl: http://10.1.0.1:8008/ is already the Patroni of clusters.orders.members.orders-eu (line 30); each server has its own");

    [Fact]
    public void Read_PatroniUrlNotUsed_IsNamed() => BadEstate.With(
            "orders-eu: { node: eu/a, dataDirectory: /data }",
            "orders-eu: { node: eu/a, dataDirectory: /data, patroniUrl: \"http://10.1.0.1:8008\" }").ShouldBeFoundAs(
        "estate.yaml:30:54: warning: clusters.orders.members.orders-eu.patroniUrl: Patroni is not asked: node eu/a does not have host: patroni; if Patroni runs this server, it would undo what DrMesh does");

    [Fact]
    public void Read_PatroniWhereTheSiteComesFromTheRepository_IsNamed() => BadEstate.With("rpo: 15m", "rpo: 15m\n    failover: { strategy: pilot_light }")
        .And("mode: quorum", "mode: async")
        .And("a: { address: 10.2.0.1 }", "a: { address: 10.2.0.1, host: patroni }")
        .And("orders-us: { node: us/a, dataDirectory: /data }", "orders-us: { node: us/a, dataDirectory: /data, patroniUrl: \"http://10.2.0.1:8008\" }").ShouldBeFoundAs(
        """estate.yaml:24:5: clusters.orders.policy: policy "critical" brings orders-us up from the repository, but node us/a has host: patroni, and Patroni takes the settings of a recovery away at each start; set host: pg_ctl or systemd there, or strategy: hot_standby""");
}

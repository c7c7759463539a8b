namespace DrMesh.Core.Tests.Estate.BadInput;

/// <summary>Single values.</summary>
public sealed class ValueTests
{
    [Fact]
    public void Read_NegativeDuration_IsNamed() => BadEstate.With("rpo: 15m", "rpo: -15m").ShouldBeFoundAs(
        """estate.yaml:13:5: policies.critical.rpo: "-15m" is negative; expected a duration such as 15m, 2h or 7d""");

    [Fact]
    public void Read_DurationWithoutUnit_IsNamed() => BadEstate.With("rpo: 15m", "rpo: 15").ShouldBeFoundAs(
        """estate.yaml:13:5: policies.critical.rpo: "15" has no unit; expected a duration such as 15m, 2h or 7d""");

    [Fact]
    public void Read_DurationNonsense_IsNamed() => BadEstate.With("rpo: 15m", "rpo: soon").ShouldBeFoundAs(
        """estate.yaml:13:5: policies.critical.rpo: "soon" is not a duration such as 15m, 2h or 7d""");

    [Fact]
    public void Read_DurationOutOfRange_IsNamed() => BadEstate.With("    rpo: 15m", "    failover: { lease: 500ms }").ShouldBeFoundAs(
        "estate.yaml:13:17: policies.critical.failover.lease: 500ms is out of range; expected a duration from 1s to 5m");

    [Fact]
    public void Read_DurationTooLong_IsNamed() => BadEstate.With("rpo: 15m", "rpo: 101y").ShouldBeFoundAs(
        """estate.yaml:13:5: policies.critical.rpo: "101y" is longer than 100 years; expected a duration such as 15m, 2h or 7d""");

    [Fact]
    public void Read_SizeWithoutUnit_IsNamed() => BadEstate.With("    rpo: 15m", "    failover: { lossLimit: 16 }").ShouldBeFoundAs(
        """estate.yaml:13:17: policies.critical.failover.lossLimit: "16" has no unit; expected a size such as 64kB, 16MB or 10GB""");

    [Fact]
    public void Read_SizeNonsense_IsNamed() => BadEstate.With("    rpo: 15m", "    failover: { lossLimit: 16 megabytes }").ShouldBeFoundAs(
        """estate.yaml:13:17: policies.critical.failover.lossLimit: "16 megabytes" is not a size such as 64kB, 16MB or 10GB""");

    [Fact]
    public void Read_NegativeSize_IsNamed() => BadEstate.With("    rpo: 15m", "    failover: { lossLimit: -16MB }").ShouldBeFoundAs(
        """estate.yaml:13:17: policies.critical.failover.lossLimit: "-16MB" is negative; expected a size such as 64kB, 16MB or 10GB""");

    [Fact]
    public void Read_SizeTooSmall_IsNamed() => BadEstate.With("repositories: [cold] }", "repositories: [cold], slotLimit: 1MB }").ShouldBeFoundAs(
        "estate.yaml:14:37: policies.critical.backup.slotLimit: 1MB is out of range; expected a size of at least 64MB");

    [Fact]
    public void Read_NumberExpected_IsNamed() => BadEstate.With("orders-eu: { node: eu/a,", "orders-eu: { node: eu/a, port: abc,").ShouldBeFoundAs(
        """estate.yaml:30:32: clusters.orders.members.orders-eu.port: "abc" is not a whole number""");

    [Fact]
    public void Read_NumberOutOfRange_IsNamed() => BadEstate.With(
            "orders-eu: { node: eu/a,",
            "orders-eu: { node: eu/a, port: 70000,").ShouldBeFoundAs(
        "estate.yaml:30:32: clusters.orders.members.orders-eu.port: 70000 is out of range; expected a number from 1 to 65535");

    [Fact]
    public void Read_BooleanExpected_IsNamed() => BadEstate.With(
            "orders-ap: { node: ap/a,",
            "orders-ap: { node: ap/a, promotable: yes,").ShouldBeFoundAs(
        """estate.yaml:32:32: clusters.orders.members.orders-ap.promotable: "yes" is not true or false""");

    [Fact]
    public void Read_ChoiceMistyped_IsNamed() => BadEstate.With("mode: quorum", "mode: quorom").ShouldBeFoundAs(
        """estate.yaml:26:7: clusters.orders.durability.mode: "quorom" is not quorum or async; did you mean "quorum"?""");

    [Fact]
    public void Read_ChoiceFar_IsNamed() => BadEstate.With("mode: quorum", "mode: sometimes").ShouldBeFoundAs(
        """estate.yaml:26:7: clusters.orders.durability.mode: "sometimes" is not quorum or async""");

    [Fact]
    public void Read_MappingForScalar_IsNamed() => BadEstate.With("rpo: 15m", "rpo: { minutes: 15 }").ShouldBeFoundAs(
        "estate.yaml:13:5: policies.critical.rpo: expected a duration such as 15m, 2h or 7d, found a mapping");

    [Fact]
    public void Read_ScalarForMapping_IsNamed() => BadEstate.With("    backup: { repositories: [cold] }", "    backup: nightly").ShouldBeFoundAs(
        "estate.yaml:14:5: policies.critical.backup: expected keys (repositories, compressionLevel, encryption, parallelism, …), found \"nightly\"");

    [Fact]
    public void Read_ScalarForList_IsNamed() => BadEstate.With("repositories: [cold] }", "repositories: cold }").ShouldBeFoundAs(
        "estate.yaml:14:15: policies.critical.backup.repositories: expected a list, found \"cold\"");

    [Fact]
    public void Read_ListForNames_IsNamed() => BadEstate.With(
            "      eu: { values: [10.1.0.1] }\n      us: { values: [10.2.0.1] }\n      ap: { values: [10.3.0.1] }\n",
            "      - eu\n").ShouldBeFoundAs(
        "estate.yaml:42:5: services.db.answers: expected names, each with its keys, found a list");

    [Fact]
    public void Read_NothingForValue_IsNamed() => BadEstate.With("rpo: 15m", "rpo:").ShouldBeFoundAs(
        "estate.yaml:13:5: policies.critical.rpo: the value is missing; expected a duration such as 15m, 2h or 7d");

    [Fact]
    public void Read_BadCron_IsNamed() => BadEstate.With("\"0 * * * *\"", "\"61 * * * *\"").ShouldBeFoundAs(
        """estate.yaml:54:5: schedules.hourly.cron: "61 * * * *" is not a cron expression: Minutes: Value must be a number between 0 and 59 (all inclusive); expected five cron fields (minute hour day month weekday), or six with seconds first""");

    [Fact]
    public void Read_BadTimeZone_IsNamed() => BadEstate.With(
            "    application: shop\n",
            "    application: shop\n    timeZone: Europe/Berlinn\n").ShouldBeFoundAs(
        """estate.yaml:56:5: schedules.hourly.timeZone: "Europe/Berlinn" is not a time zone this machine knows; expected a time zone such as UTC or Europe/Berlin""");

    [Fact]
    public void Read_BadPath_IsNamed() => BadEstate.With("/etc/drmesh/key", "secrets/key").ShouldBeFoundAs(
        """estate.yaml:19:19: repositories.cold.encryption.keyFile: "secrets/key" is not an absolute path such as /var/lib/drmesh""");

    [Fact]
    public void Read_BadUrl_IsNamed() => BadEstate.With("http://10.1.0.53:8081", "10.1.0.53:8081").ShouldBeFoundAs(
        """estate.yaml:35:17: dnsProviders.own.powerdns.url: "10.1.0.53:8081" is not an address such as https://host:8443/path""");

    [Fact]
    public void Read_UrlWithPassword_IsNamed() => BadEstate.With("http://10.1.0.53:8081", "http://admin:secret@10.1.0.53:8081").ShouldBeFoundAs(
        "estate.yaml:35:17: dnsProviders.own.powerdns.url: the address carries a password; secrets belong in files; expected an address such as https://host:8443/path");

    [Fact]
    public void Read_BadHost_IsNamed() => BadEstate.With("address: 10.1.0.1", "address: 10.1.0.999").ShouldBeFoundAs(
        """estate.yaml:4:12: regions.eu.nodes.a.address: "10.1.0.999" is not a host name or an IP address""");

    [Fact]
    public void Read_BadNode_IsNamed() => BadEstate.With("node: us/a", "node: us").ShouldBeFoundAs(
        """estate.yaml:31:20: clusters.orders.members.orders-us.node: "us" is not a node written as region/node""");
}

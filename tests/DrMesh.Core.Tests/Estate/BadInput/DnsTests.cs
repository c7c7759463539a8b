namespace DrMesh.Core.Tests.Estate.BadInput;

/// <summary>DNS names, records and TTLs.</summary>
public sealed class DnsTests
{
    [Fact]
    public void Read_DnsNameUnderscore_IsNamed() => BadEstate.With("[db.example.com]", """["db shop.example.com"]""").ShouldBeFoundAs(
        """estate.yaml:40:13: services.db.names[0]: "db shop.example.com" is not a DNS name: label "db shop" has other characters than letters, digits and inner hyphens; expected a full DNS name such as db.shop.example.com""");

    [Fact]
    public void Read_DnsNameClosingDot_IsNamed() => BadEstate.With("[db.example.com]", "[db.example.com.]").ShouldBeFoundAs(
        """estate.yaml:40:13: services.db.names[0]: "db.example.com." ends with a dot; expected a full DNS name such as db.shop.example.com""");

    [Fact]
    public void Read_DnsNameSingleLabel_IsNamed() => BadEstate.With("[db.example.com]", "[db]").ShouldBeFoundAs(
        """estate.yaml:40:13: services.db.names[0]: "db" is not a full DNS name; expected a full DNS name such as db.shop.example.com""");

    [Fact]
    public void Read_DnsNameEmptyLabel_IsNamed() => BadEstate.With("[db.example.com]", "[db..example.com]").ShouldBeFoundAs(
        """estate.yaml:40:13: services.db.names[0]: "db..example.com" has an empty label; expected a full DNS name such as db.shop.example.com""");

    [Fact]
    public void Read_DnsNameAddress_IsNamed() => BadEstate.With("[db.example.com]", "[10.1.0.1]").ShouldBeFoundAs(
        """estate.yaml:40:13: services.db.names[0]: "10.1.0.1" is not a full DNS name; expected a full DNS name such as db.shop.example.com""");

    [Fact]
    public void Read_DnsLabelTooLong_IsNamed() => BadEstate.With(
            "[db.example.com]",
            "[dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd.example.com]").ShouldBeFoundAs(
        """estate.yaml:40:13: services.db.names[0]: label "dddddddddddddddddddd…" has 64 characters, a DNS label has at most 63; expected a full DNS name such as db.shop.example.com""");

    [Fact]
    public void Read_DnsNameOutsideZone_IsNamed() => BadEstate.With("[db.example.com]", "[db.example.org]").ShouldBeFoundAs(
        """estate.yaml:40:13: services.db.names[0]: "db.example.org" is not in zone example.com""");

    [Fact]
    public void Read_DnsNameTwice_IsNamed() => BadEstate.With("[db.example.com]", "[db.example.com, DB.example.com]").ShouldBeFoundAs(
        """estate.yaml:40:29: services.db.names[1]: "DB.example.com" is already a name of services.db.names[0] (line 40)""");

    [Fact]
    public void Read_CnameAtTop_IsNamed() => BadEstate.With(
            "    names: [db.example.com]",
            "    record: CNAME\n    names: [example.com]").ShouldBeFoundAs(
        """estate.yaml:41:13: services.db.names[0]: "example.com" is the top of its zone, where a CNAME cannot stand; use A or AAAA""",
        """estate.yaml:44:22: services.db.answers.eu.values[0]: "10.1.0.1" is not a full DNS name; a CNAME needs a full DNS name""",
        """estate.yaml:45:22: services.db.answers.us.values[0]: "10.2.0.1" is not a full DNS name; a CNAME needs a full DNS name""",
        """estate.yaml:46:22: services.db.answers.ap.values[0]: "10.3.0.1" is not a full DNS name; a CNAME needs a full DNS name""");

    [Fact]
    public void Read_AnswerNotIPv4_IsNamed() => BadEstate.With("values: [10.1.0.1]", """values: ["2001:db8::1"]""").ShouldBeFoundAs(
        """estate.yaml:43:22: services.db.answers.eu.values[0]: "2001:db8::1" is not an IPv4 address, which an A record needs""");

    [Fact]
    public void Read_AnswerNotIPv6_IsNamed() => BadEstate.With("    ttl: 30s", "    record: AAAA").ShouldBeFoundAs(
        """estate.yaml:43:22: services.db.answers.eu.values[0]: "10.1.0.1" is not an IPv6 address, which an AAAA record needs""",
        """estate.yaml:44:22: services.db.answers.us.values[0]: "10.2.0.1" is not an IPv6 address, which an AAAA record needs""",
        """estate.yaml:45:22: services.db.answers.ap.values[0]: "10.3.0.1" is not an IPv6 address, which an AAAA record needs""");

    [Fact]
    public void Read_AnswerTwoCnames_IsNamed() => BadEstate.With(
            "      eu: { values: [10.1.0.1] }\n      us: { values: [10.2.0.1] }\n      ap: { values: [10.3.0.1] }",
            "      eu: { values: [a.example.net, b.example.net] }\n      us: { values: [c.example.net] }\n      ap: { values: [d.example.net] }\n    record: CNAME").ShouldBeFoundAs(
        "estate.yaml:43:13: services.db.answers.eu.values: a CNAME answers one name, found 2");

    [Fact]
    public void Read_AnswerForPrimaryMissing_IsNamed() => BadEstate.With("      eu: { values: [10.1.0.1] }\n", "").ShouldBeFoundAs(
        "estate.yaml:42:5: services.db.answers: there is no answer for eu, the primary region of cluster \"orders\"");

    [Fact]
    public void Read_AnswerMissing_IsNamed() => BadEstate.With("      us: { values: [10.2.0.1] }\n", "").ShouldBeFoundAs(
        """estate.yaml:42:5: warning: services.db.answers: there is no answer for us, so the names cannot follow cluster "orders" there""");

    [Fact]
    public void Read_AnswerUnknownRegion_IsNamed() => BadEstate.With(
            "      us: { values: [10.2.0.1] }",
            "      uss: { values: [10.2.0.1] }").ShouldBeFoundAs(
        """estate.yaml:42:5: warning: services.db.answers: there is no answer for us, so the names cannot follow cluster "orders" there""",
        """estate.yaml:44:7: services.db.answers.uss: region "uss" is not declared; did you mean "us"?""");

    [Fact]
    public void Read_TtlAbove60_IsNamed() => BadEstate.With("ttl: 30s", "ttl: 5m").ShouldBeFoundAs(
        "estate.yaml:41:5: warning: services.db.ttl: 5m is above 60s: that long after a failover clients may still go to the lost region");

    [Fact]
    public void Read_TtlNotWholeSeconds_IsNamed() => BadEstate.With("ttl: 30s", "ttl: 1500ms").ShouldBeFoundAs(
        "estate.yaml:41:5: services.db.ttl: 1s500ms is not whole seconds, which DNS counts in");

    [Fact]
    public void Read_RoutingNeedsRoute53_IsNamed() => BadEstate.With("    ttl: 30s", "    ttl: 30s\n    routing: weighted").ShouldBeFoundAs(
        """estate.yaml:42:5: services.db.routing: routing other than simple needs Route 53; provider "own" is another""");

    [Fact]
    public void Read_HealthNeedsHealthChecks_IsNamed() => BadEstate.With(
            "    powerdns: { url: \"http://10.1.0.53:8081\", apiKeyFile: /etc/drmesh/pdns }\nservices:\n  db:",
            "    rfc2136: { server: \"10.1.0.53:53\", keyName: drmesh, secretFile: /etc/drmesh/tsig }\nservices:\n  db:\n    mode: health").ShouldBeFoundAs(
        """estate.yaml:38:5: services.db.mode: mode: health needs a provider with health checks; "own" only takes dynamic updates""");
}

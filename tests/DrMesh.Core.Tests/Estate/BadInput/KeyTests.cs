namespace DrMesh.Core.Tests.Estate.BadInput;

/// <summary>Keys and names.</summary>
public sealed class KeyTests
{
    [Fact]
    public void Read_UnknownKey_IsNamed() => BadEstate.With("    primaryRegion: eu", "    primaryRegoin: eu").ShouldBeFoundAs(
        """estate.yaml:21:3: clusters.orders: key "primaryRegion" is missing: where the primary runs when nothing is wrong""",
        """estate.yaml:24:5: clusters.orders.primaryRegoin: key "primaryRegoin" is not known here; did you mean "primaryRegion"?""");

    [Fact]
    public void Read_UnknownKeyFar_IsNamed() => BadEstate.With("    rpo: 15m", "    colour: red").ShouldBeFoundAs(
        """estate.yaml:13:5: policies.critical.colour: key "colour" is not known here; known are rpo, rto, failover, detection, backup, retention""");

    [Fact]
    public void Read_UnknownSection_IsNamed() => BadEstate.With("schedules:", "schedule:").ShouldBeFoundAs(
        """estate.yaml:51:1: schedule: key "schedule" is not known here; did you mean "schedules"?""");

    [Fact]
    public void Read_MergeKey_IsNamed() => BadEstate.With("    rpo: 15m", "    <<: { rpo: 15m }").ShouldBeFoundAs(
        """estate.yaml:13:5: policies.critical.<<: key "<<" is not known here; known are rpo, rto, failover, detection, backup, retention""");

    [Fact]
    public void Read_DuplicateKey_IsNamed() => BadEstate.With("    rpo: 15m", "    rpo: 15m\n    rpo: 5m").ShouldBeFoundAs(
        """estate.yaml:14:5: policies.critical.rpo: key "rpo" is given twice; the first is at line 13""");

    [Fact]
    public void Read_DuplicateName_IsNamed() => BadEstate.With(
            "policies:",
            "  eu:\n    nodes:\n      b: { address: 10.9.0.1 }\npolicies:").ShouldBeFoundAs(
        """estate.yaml:11:3: regions.eu: name "eu" is declared twice; the first is at line 2""");

    [Fact]
    public void Read_DuplicateSection_IsNamed() => BadEstate.With("schedules:", "regions: {}\nschedules:").ShouldBeFoundAs(
        """estate.yaml:51:1: regions: key "regions" is given twice; the first is at line 1""");

    [Fact]
    public void Read_BadName_IsNamed() => BadEstate.With("  hourly:", "  Hourly_Backup:").ShouldBeFoundAs(
        """estate.yaml:52:3: schedules.Hourly_Backup: "Hourly_Backup" is not a name; expected lower-case letters, digits and "-", beginning with a letter, at most 63 characters""");

    [Fact]
    public void Read_MissingKey_IsNamed() => BadEstate.With("    primaryRegion: eu\n", "").ShouldBeFoundAs(
        """estate.yaml:21:3: clusters.orders: key "primaryRegion" is missing: where the primary runs when nothing is wrong""");

    [Fact]
    public void Read_MissingEngine_IsNamed() => BadEstate.With("    engine: postgresql\n", "").ShouldBeFoundAs(
        """estate.yaml:21:3: clusters.orders: key "engine" is missing; expected mongodb or postgresql""");

    [Fact]
    public void Read_UnknownEngine_IsNamed() => BadEstate.With("engine: postgresql", "engine: postgres").ShouldBeFoundAs(
        """estate.yaml:22:5: clusters.orders.engine: expected mongodb or postgresql, found "postgres"; did you mean "postgresql"?""");

    [Fact]
    public void Read_NoneOfOneOf_IsNamed() => BadEstate.With("    s3: { bucket: shop, region: eu-central-1 }\n", "").ShouldBeFoundAs(
        "estate.yaml:16:3: repositories.cold: expected exactly one of local, s3; found none");

    [Fact]
    public void Read_TwoOfOneOf_IsNamed() => BadEstate.With(
            "    tier: cold\n",
            "    tier: cold\n    local: { node: eu/a, directory: /backup }\n").ShouldBeFoundAs(
        "estate.yaml:19:5: repositories.cold.s3: expected exactly one of local, s3; found local and s3",
        """estate.yaml:24:5: warning: clusters.orders.policy: every repository of policy "critical" is in eu, where this cluster has its primary: a lost region takes the backups along""");
}

namespace DrMesh.Core.Tests.Estate.BadInput;

/// <summary>Repositories and what policies say of them.</summary>
public sealed class BackupTests
{
    [Fact]
    public void Read_RepositoryNotEncrypted_IsNamed() => BadEstate.With("    encryption: { keyFile: /etc/drmesh/key }\n", "").ShouldBeFoundAs(
        """estate.yaml:14:30: policies.critical.backup.repositories[0]: repository "cold" is not encrypted, but the policy requires it; add encryption there, or set backup.encryption: optional""");

    [Fact]
    public void Read_RepositoryTwice_IsNamed() => BadEstate.With("repositories: [cold] }", "repositories: [cold, cold] }").ShouldBeFoundAs(
        """estate.yaml:14:36: policies.critical.backup.repositories[1]: repository "cold" is listed twice""");

    [Fact]
    public void Read_NotBackedUp_IsNamed() => BadEstate.With("    rpo: 15m\n    backup: { repositories: [cold] }", "    rpo: 15m").ShouldBeFoundAs(
        "estate.yaml:15:3: warning: repositories.cold: nothing uses this repository",
        """estate.yaml:22:5: warning: clusters.orders.policy: policy "critical" names no repository, so this cluster is not backed up""");

    [Fact]
    public void Read_BackupsBesideThePrimary_IsNamed() => BadEstate.With(
            "    s3: { bucket: shop, region: eu-central-1 }",
            "    local: { node: eu/a, directory: /backup }").ShouldBeFoundAs(
        """estate.yaml:23:5: warning: clusters.orders.policy: every repository of policy "critical" is in eu, where this cluster has its primary: a lost region takes the backups along""");

    [Fact]
    public void Read_KeepShorterThanWindow_IsNamed() => BadEstate.With("    rpo: 15m", "    retention: { window: 2y }").ShouldBeFoundAs(
        "estate.yaml:13:18: warning: policies.critical.retention.window: no repository of the policy keeps 2y; the longest keeps 365d");

    [Fact]
    public void Read_SamePlace_IsNamed() => BadEstate.With(
            "repositories:\n  cold:",
            "repositories:\n  second:\n    tier: cold\n    s3: { bucket: shop, region: eu-central-1 }\n  cold:").ShouldBeFoundAs(
        "estate.yaml:21:11: repositories.cold.s3.bucket: s3/shop is already the place of repositories.second.s3.bucket (line 18)");

    [Fact]
    public void Read_ObjectLockNotDays_IsNamed() => BadEstate.With(
            "region: eu-central-1 }",
            "region: eu-central-1, objectLock: { duration: 36h } }").ShouldBeFoundAs(
        "estate.yaml:18:61: repositories.cold.s3.objectLock.duration: 1d12h is not whole days, which S3 counts in");

    [Fact]
    public void Read_ObjectLockLongerThanKept_IsNamed() => BadEstate.With(
            "region: eu-central-1 }",
            "region: eu-central-1, objectLock: { duration: 2y } }").ShouldBeFoundAs(
        "estate.yaml:18:61: warning: repositories.cold.s3.objectLock.duration: objects are locked for 2y, longer than the repository keeps them (365d); retention cannot remove them before");

    [Fact]
    public void Read_GlacierForWarm_IsNamed() => BadEstate.With(
            "    tier: cold\n    s3: { bucket: shop, region: eu-central-1 }",
            "    tier: warm\n    s3: { bucket: shop, region: eu-central-1, storageClass: DEEP_ARCHIVE }").ShouldBeFoundAs(
        "estate.yaml:18:47: warning: repositories.cold.s3.storageClass: objects of this class take hours to read; a hot or warm tier is meant for recovery within an hour");
}

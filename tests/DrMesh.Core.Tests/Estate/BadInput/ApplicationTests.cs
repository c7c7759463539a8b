namespace DrMesh.Core.Tests.Estate.BadInput;

/// <summary>Applications, their state, and schedules.</summary>
public sealed class ApplicationTests
{
    [Fact]
    public void Read_ServiceWithoutApplication_IsNamed() => BadEstate.With("    services: [db]\n", "").ShouldBeFoundAs(
        "estate.yaml:37:3: services.db: the service is in no application, so no failover moves its names; list it in applications.NAME.services");

    [Fact]
    public void Read_ApplicationEmpty_IsNamed() => BadEstate.With(
            "    clusters: [orders]\n    services: [db]\n",
            "    services: [db]\n").ShouldBeFoundAs(
        "estate.yaml:47:3: applications.shop: the application has neither clusters nor fileTrees; expected at least one");

    [Fact]
    public void Read_ClusterInTwoApplications_IsNamed() => BadEstate.With(
            "schedules:",
            "  second:\n    policy: critical\n    clusters: [orders]\nschedules:").ShouldBeFoundAs(
        """estate.yaml:53:16: applications.second.clusters[0]: cluster "orders" already belongs to applications.shop.clusters[0] (line 49)""");

    [Fact]
    public void Read_ServicesInAnotherOrderThanTheirClusters_IsNamed() => BadEstate.With(
            "dnsProviders:",
            "  carts:\n    { engine: mongodb, policy: critical, primaryRegion: eu, replicaSet: rs, members: { eu: { node: eu/a }, us: { node: us/a }, ap: { node: ap/a } } }\ndnsProviders:").And(
            "  db:\n    provider: own",
            "  api:\n    { cluster: carts, provider: own, zone: example.com, names: [api.example.com], ttl: 30s, answers: { eu: { values: [10.1.0.1] }, us: { values: [10.2.0.1] }, ap: { values: [10.3.0.1] } } }\n  db:\n    provider: own").And(
            "    clusters: [orders]\n    services: [db]",
            "    clusters: [orders, carts]\n    services: [api, db]").ShouldBeFoundAs(
        """estate.yaml:54:21: warning: applications.shop.services[1]: service "db" stands behind "api", but its cluster "orders" moves before "carts"; expected services in the order of the clusters they follow""");

    [Fact]
    public void Read_QuiesceWithoutResume_IsNamed() => BadEstate.With(
            "    services: [db]",
            "    services: [db]\n    state: { quiesce: hold }\nhooks:\n  hold: { command: { program: /bin/hold } }").ShouldBeFoundAs(
        "estate.yaml:51:14: applications.shop.state.quiesce: quiesce is given without resume; expected both or neither");

    [Fact]
    public void Read_DeadManTooShort_IsNamed() => BadEstate.With(
            "    services: [db]",
            "    services: [db]\n    consistency: { mode: fence, fenceLimit: 30s }\n    state: { quiesce: hold, resume: hold, deadManLimit: 20s }\nhooks:\n  hold: { command: { program: /bin/hold } }").ShouldBeFoundAs(
        "estate.yaml:52:43: applications.shop.state.deadManLimit: after 20s the application resumes by itself, while the fence may last 30s (consistency.fenceLimit); expected more than that");

    [Fact]
    public void Read_VerifyAnApplication_IsNamed() => BadEstate.With("action: backup", "action: verify").ShouldBeFoundAs(
        "estate.yaml:55:5: schedules.hourly.application: verify is done to a repository, not to application \"shop\"");

    [Fact]
    public void Read_ScheduleWithoutTarget_IsNamed() => BadEstate.With("    application: shop\n", "").ShouldBeFoundAs(
        "estate.yaml:52:3: schedules.hourly: expected exactly one of application, cluster, fileTree, repository; found none");

    [Fact]
    public void Read_ManyAtOnce_IsNamed() => BadEstate.With(
            "    rpo: 15m\n    backup: { repositories: [cold] }",
            "    rpo: -1m\n    backup: { repositories: [clod], level: 3 }").ShouldBeFoundAs(
        """estate.yaml:13:5: policies.critical.rpo: "-1m" is negative; expected a duration such as 15m, 2h or 7d""",
        """estate.yaml:14:30: policies.critical.backup.repositories[0]: repository "clod" is not declared; did you mean "cold"?""",
        """estate.yaml:14:37: policies.critical.backup.level: key "level" is not known here; known are repositories, compressionLevel, encryption, parallelism, continuousArchive, slotLimit, whenPartFails, spoolLimit""");
}

using System.Collections.Immutable;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Regions;
using DrMesh.Core.Setup;

namespace DrMesh.Core.Tests.Setup;

/// <summary>What a server is told it lacks, and what to type.</summary>
public sealed class ServerFindingsTests
{
    [Fact]
    public void Of_ServersAsTheyShouldBe_NothingIsWrong()
    {
        ServerFindings.Of(Found.Primary(), 2).Wrong().ShouldBeEmpty();
        ServerFindings.Of(Found.Standby(), 2).Wrong().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("wal_level", "minimal", FindingLevel.Problem, "alter system set wal_level = 'replica'; then restart it")]
    [InlineData("full_page_writes", "off", FindingLevel.Problem, "alter system set full_page_writes = on; select pg_reload_conf();")]
    [InlineData("fsync", "off", FindingLevel.Problem, "alter system set fsync = on; select pg_reload_conf();")]
    [InlineData("max_wal_senders", "4", FindingLevel.Problem, "alter system set max_wal_senders = 10; then restart it")]
    [InlineData("max_replication_slots", "1", FindingLevel.Problem, "alter system set max_replication_slots = 10; then restart it")]
    [InlineData("hot_standby", "off", FindingLevel.Problem, "alter system set hot_standby = on; then restart it")]
    [InlineData("synchronous_commit", "local", FindingLevel.Problem, "alter system set synchronous_commit = on; select pg_reload_conf();")]
    [InlineData("max_slot_wal_keep_size", "-1", FindingLevel.Advice, "alter system set max_slot_wal_keep_size = '10GB'; select pg_reload_conf();")]
    [InlineData("wal_keep_size", "0", FindingLevel.Advice, "alter system set wal_keep_size = '1GB'; select pg_reload_conf();")]
    public void Of_OneSettingWrong_SaysWhatToType(string setting, string value, FindingLevel level, string remedy)
    {
        var finding = ServerFindings.Of(Found.Primary().With(setting, value), 2).Wrong().ShouldHaveSingleItem();

        finding.Message.ShouldContain($"{setting} = {value}");
        (finding.Level, finding.Subject, finding.Remedy).ShouldBe((level, "eu/db1", remedy));
    }

    [Fact]
    public void Of_NeitherChecksumsNorHints_CannotBeRewound()
    {
        var bare = Found.Primary().With("data_checksums", "off");

        ServerFindings.Of(bare, 2).Wrong().Select(finding => finding.Level).ShouldBe([FindingLevel.Problem, FindingLevel.Advice]);
        ServerFindings.Of(bare.With("wal_log_hints", "on"), 2).Wrong().Select(finding => finding.Level).ShouldBe([FindingLevel.Advice]);
    }

    [Theory]
    [InlineData("old")]
    [InlineData("rights")]
    [InlineData("hba")]
    [InlineData("clock")]
    [InlineData("archive")]
    [InlineData("waits")]
    [InlineData("standby")]
    public void Of_OneThingWrong_IsOneProblemWithARemedy(string what)
    {
        var server = what switch
        {
            "old" => Found.Primary() with { Version = 140009 },
            "rights" => Found.Primary() with { IsSuperuser = false },
            "hba" => Found.Primary() with { AdmitsReplication = false },
            "clock" => Found.Primary() with { ClockAhead = TimeSpan.FromSeconds(-1.2), ClockMargin = TimeSpan.FromMilliseconds(10) },
            "archive" => Found.Primary() with { FailingSegment = "000000010000000000000003" },
            "waits" => (Found.Primary() with { Followers = [("orders-us", "async")] }).With("synchronous_standby_names", "ANY 1 (gone)"),
            _ => Found.Standby() with { IsStreaming = false },
        };

        var finding = ServerFindings.Of(server, 2).Wrong().ShouldHaveSingleItem();

        finding.Level.ShouldBe(FindingLevel.Problem);
        finding.Remedy.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public void Of_ClockWithinWhatTheQuestionTook_IsNotBlamed() =>
        ClockFindings.Of("x", TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(2.5)).Wrong().ShouldBeEmpty();

    [Fact]
    public void Declared_StandbyUnderAnotherName_NoCommitWouldWaitForIt()
    {
        var cluster = new PostgreSqlCluster
        {
            Name = new ClusterId("orders"),
            Policy = "p",
            PrimaryRegion = new RegionId("eu"),
            ControlUser = new DatabaseUser { Name = "drmesh" },
            ReplicationUser = new DatabaseUser { Name = "replicator" },
            Members = [new PostgreSqlMember { Name = "orders-us", Node = NodeId.TryParse("us/db1")!.Value, DataDirectory = "/var/lib/postgresql/15/main" }],
        };

        DeclaredServerFindings.Of(cluster, cluster.Members[0], Found.Standby()).Wrong().ShouldBeEmpty();
        var wrong = DeclaredServerFindings.Of(cluster, cluster.Members[0], Found.Standby(name: "walreceiver") with { DataDirectory = "/data", ReplicationRoles = [] }).Wrong();
        wrong.Select(finding => finding.Area).ShouldBe(["cluster", "rights", "replication"]);
        wrong[2].Remedy!.ShouldContain("application_name=orders-us");
    }

    [Fact]
    public void Machine_LacksPrograms_NamesThePackages()
    {
        var machine = new MachineFacts
        {
            Programs = MachineFindings.PackageOf.Keys.ToImmutableDictionary(program => program, program => program is "setpriv" or "pg_rewind" ? null : $"/bin/{program}"),
            PostgresMajor = 15,
            StateFolder = "/state",
            OpenSecrets = ["/etc/key"],
        };

        MachineFindings.Of(machine).Wrong().Select(finding => finding.Remedy).ShouldBe(["apt-get install --no-install-recommends postgresql-15 util-linux", "chmod 600 /etc/key"]);
        MachineFindings.Beside(machine, Found.Primary()).ShouldBeEmpty();
        MachineFindings.Beside(machine, Found.Primary() with { Version = 160002 }).ShouldHaveSingleItem().Level.ShouldBe(FindingLevel.Problem);
    }
}

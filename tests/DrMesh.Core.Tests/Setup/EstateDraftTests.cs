using System.Collections.Immutable;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Estate.Reading;
using DrMesh.Core.Estate.Writing;
using DrMesh.Core.Setup;

namespace DrMesh.Core.Tests.Setup;

/// <summary>Which servers are one cluster, and the estate that fits them.</summary>
public sealed class EstateDraftTests
{
    private static readonly DraftRequest Shop = new() { Application = "orders" };

    [Fact]
    public void Shape_ServersOfOneCluster_NamesThePrimary()
    {
        var shape = ClusterShape.Of([Found.Standby(), Found.Primary()]);

        (shape.Refusal, shape.Primary!.Name, shape.Standbys.Length).ShouldBe((null, "eu/db1", 1));
        shape.Findings.Wrong().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("strangers", "they are not of one cluster: eu/db1 has system identifier 7, us/db1 has system identifier 8")]
    [InlineData("two primaries", "eu/db1 and us/db1 both serve as primary")]
    [InlineData("no primary", "none of them serves as primary")]
    [InlineData("versions", "they are of different versions: eu/db1 is 15, us/db1 is 16")]
    [InlineData("twice", "eu/db1 and us/db1 are one and the same server")]
    public void Shape_NotOneCluster_IsRefusedWithTheReason(string what, string reason)
    {
        ImmutableArray<ServerFacts> servers = what switch
        {
            "strangers" => [Found.Primary(), Found.Standby() with { SystemId = 8 }],
            "two primaries" => [Found.Primary(), Found.Standby() with { IsStandby = false }],
            "no primary" => [Found.Standby("eu/db1"), Found.Standby() with { StartedAt = default }],
            "versions" => [Found.Primary(), Found.Standby() with { Version = 160001 }],
            _ => [Found.Primary(), Found.Primary("us/db1")],
        };

        var shape = ClusterShape.Of(servers);

        shape.Refusal!.Message.ShouldBe(reason);
        shape.Primary.ShouldBeNull();
    }

    [Fact]
    public void Shape_StandbyWithLess_IsFound()
    {
        var finding = ClusterShape.Of([Found.Primary(), Found.Standby().With("max_connections", "50")]).Findings.Wrong().ShouldHaveSingleItem();

        finding.Remedy.ShouldBe("on us/db1: alter system set max_connections = 100; then restart it");
    }

    [Fact]
    public void Draft_TwoRegions_APersonStartsTheFailoverAndALostStandbyStopsNoWrites()
    {
        var (estate, remaining) = Draft([Found.Primary(), Found.Standby()], Shop with { Repository = "/backups", DnsName = "db.shop.example.com" });

        var cluster = estate.Clusters.ShouldHaveSingleItem().ShouldBeOfType<PostgreSqlCluster>();
        cluster.Durability.ShouldBe(new DurabilityDefinition { Mode = DurabilityMode.Quorum, WhenQuorumLost = QuorumLost.Async });
        cluster.Members.Select(member => member.Name).ShouldBe(["orders-eu", "orders-us"]);
        (cluster.ControlUser.Name, cluster.ReplicationUser.Name).ShouldBe(("drmesh", "replicator"));
        cluster.Tls.ShouldBe(TlsMode.Disable, "the connections were not encrypted");
        estate.Policies[0].Failover.Strategy.ShouldBe(FailoverStrategy.HotStandby);
        estate.Repositories[0].Local!.Node.ToString().ShouldBe("us/db1", "not where the primary is");
        estate.Services[0].ShouldSatisfyAllConditions(
            service => service.Zone.ShouldBe("shop.example.com"),
            service => service.Record.ShouldBe(DnsRecordType.A),
            service => service.Answers.SelectMany(answer => answer.Values).ShouldBe(["10.1.0.5", "10.2.0.5"]));
        remaining.ShouldHaveSingleItem().ShouldContain("drmesh repo keygen");
    }

    [Fact]
    public void Draft_ThreeRegions_FailsOverByItselfAndLosesNothing()
    {
        var (estate, _) = Draft([Found.Primary(), Found.Standby(), Found.Standby("ap/db1", "orders-ap") with { Host = "10.3.0.5", StartedAt = DateTimeOffset.UnixEpoch }], Shop);

        (estate.Policies[0].Failover.Strategy, estate.Policies[0].Rpo).ShouldBe((FailoverStrategy.Automatic, TimeSpan.Zero));
        estate.Clusters.OfType<PostgreSqlCluster>().Single().Durability.ShouldBe(new DurabilityDefinition { Mode = DurabilityMode.Quorum });
    }

    [Fact]
    public void Draft_PrimaryAlone_WaitsForNobody()
    {
        var (estate, _) = Draft([Found.Primary() with { Followers = [] }], Shop);

        estate.Clusters.OfType<PostgreSqlCluster>().Single().Durability.Mode.ShouldBe(DurabilityMode.Async);
        estate.Policies[0].Failover.Strategy.ShouldBe(FailoverStrategy.Manual);
    }

    [Fact]
    public void Draft_StandbyWithoutANameOfItsOwn_IsToldHowToTakeOne()
    {
        var nameless = Found.Standby() with { Upstream = Found.Standby().Upstream.Remove("application_name") };

        var (estate, remaining) = Draft([Found.Primary() with { UsesPassword = true }, nameless], Shop);

        estate.Clusters.OfType<PostgreSqlCluster>().Single().ControlUser.PasswordFile.ShouldBe("/etc/drmesh/secrets/drmesh");
        remaining.Length.ShouldBe(2);
        remaining[0].ShouldContain("application_name=orders-us");
        remaining[1].ShouldContain("install -m 600 /dev/stdin /etc/drmesh/secrets/drmesh");
    }

    [Theory]
    [InlineData("s3://backups/shop?region=eu-central-1", true)]
    [InlineData("s3://backups/shop", false)]
    [InlineData("backups", false)]
    public void Draft_Repository_IsADirectoryOrABucketWithItsRegion(string place, bool isUsable)
    {
        if (isUsable)
        {
            Draft([Found.Primary(), Found.Standby()], Shop with { Repository = place }).Estate.Repositories[0].S3!.ShouldSatisfyAllConditions(
                store => (store.Bucket, store.Prefix, store.Region).ShouldBe(("backups", "shop", "eu-central-1")));
        }
        else
        {
            Should.Throw<DrMeshException>(() => Draft([Found.Primary()], Shop with { Repository = place })).Code.ShouldBe(DrMeshError.UsageInvalid);
        }
    }

    // What is written is valid and says what was meant.
    private static EstateDraft Draft(ImmutableArray<ServerFacts> servers, DraftRequest request)
    {
        var draft = EstateDraft.Of(ClusterShape.Of(servers), request);
        var reading = EstateReader.Read(EstateWriter.Brief(draft.Estate));
        reading.Findings.Where(finding => finding.Severity == FindingSeverity.Error).ShouldBeEmpty();
        EstateWriter.Canonical(reading.Document!).ShouldBe(EstateWriter.Canonical(draft.Estate));
        return draft;
    }
}

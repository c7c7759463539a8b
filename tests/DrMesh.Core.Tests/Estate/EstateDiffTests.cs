using System.Collections.Immutable;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Estate.Planning;
using DrMesh.Core.Estate.Reading;

namespace DrMesh.Core.Tests.Estate;

public sealed class EstateDiffTests
{
    private static readonly string Text = Example.Text("three-regions-quorum.yaml");

    [Theory]
    [InlineData("primaryRegion: us-east-1", "primaryRegion: eu-west-1", "clusters.orders.primaryRegion", "us-east-1", "eu-west-1", "moves no primary by itself; run drmesh switchover for that")]
    [InlineData("holdTime: 15m ", "holdTime: 20m ", "policies.critical.failover.holdTime", "15m", "20m", null)]
    [InlineData("window: 14d", "window: 10d", "policies.critical.retention.window", "14d", "10d", "times before the shorter window can no longer be restored after the next retention run")]
    [InlineData("window: 14d", "window: 14d\n      hourly: 12", "policies.critical.retention.hourly", "24", "12", "older backups may be removed at the next retention run")]
    [InlineData("[hot, warm, cold, archive]", "[hot, warm, archive, cold]", "policies.critical.backup.repositories", "[hot, warm, cold, archive]", "[hot, warm, archive, cold]", null)]
    [InlineData("bucket: example-shop-cold", "bucket: example-shop-other", "repositories.cold.s3.bucket", "example-shop-cold", "example-shop-other", "no backup is moved: what is at the old place is no longer found")]
    public void Between_OneValueChanged_NamesItWithBothValues(string old, string changed, string path, string before, string after, string? danger)
    {
        var change = Changes(Text.Replace(old, changed)).ShouldHaveSingleItem();

        change.ShouldBe(new EstateChange { Kind = EstateChangeKind.Change, Path = path, Before = before, After = after, Danger = danger });
    }

    [Fact]
    public void Between_ClustersOfAnApplicationReordered_SaysWhatThatDoes()
    {
        var before = Example.Text("unified-application.yaml");

        var change = EstateDiff.Between(EstateReader.Read(before).Document!, EstateReader.Read(before.Replace("[orders, carts]", "[carts, orders]")).Document!).ShouldHaveSingleItem();

        (change.Path, change.Danger).ShouldBe(("applications.shop.clusters", "moves nothing now; sessions that begin from now on move them in this order"));
    }

    [Fact]
    public void Between_ClusterRemoved_IsOneDangerousChange()
    {
        var estate = EstateReader.Read(Text).Document!;

        var changes = EstateDiff.Between(estate, estate with { Clusters = [], Applications = [] });

        changes.Select(change => (change.Kind, change.Path)).ShouldBe([(EstateChangeKind.Remove, "clusters.orders"), (EstateChangeKind.Remove, "applications.shop")]);
        changes[0].Before.ShouldStartWith("engine: postgresql\npolicy: critical\n");
        changes[0].Danger.ShouldBe("the cluster is no longer watched, archived or failed over; its servers and backups stay");
    }

    [Fact]
    public void Between_RegionAdded_IsOneChangeWithTheWholeEntry()
    {
        var change = Changes(Text.Replace("policies:\n", "  ca-central-1:\n    nodes:\n      db1: { address: 10.4.0.11 }\npolicies:\n")).ShouldHaveSingleItem();

        change.ShouldBe(new EstateChange
        {
            Kind = EstateChangeKind.Add,
            Path = "regions.ca-central-1",
            After = "nodes:\n  db1:\n    address: 10.4.0.11\n    host: pg_ctl\n    guard: none\n",
        });
    }

    [Fact]
    public void Between_OptionalValueGiven_IsAdded() =>
        Changes(Text.Replace("    title: Ireland\n", "")).ShouldHaveSingleItem()
            .ShouldBe(new EstateChange { Kind = EstateChangeKind.Remove, Path = "regions.eu-west-1.title", Before = "Ireland" });

    [Fact]
    public void Between_EntriesInAnotherOrder_IsNothing()
    {
        var swapped = Text.Replace("eu-west-1:\n    title: Ireland", "§").Replace("ap-southeast-1:\n    title: Singapore", "eu-west-1:\n    title: Ireland")
            .Replace("§", "ap-southeast-1:\n    title: Singapore").Replace("address: 10.2.0.11", "§").Replace("address: 10.3.0.11", "address: 10.2.0.11").Replace("§", "address: 10.3.0.11");

        swapped.ShouldNotBe(Text);
        Changes(swapped).ShouldBeEmpty();
    }

    private static ImmutableArray<EstateChange> Changes(string changed)
    {
        var reading = EstateReader.Read(changed);
        reading.Errors.Select(error => error.Describe("estate.yaml")).ShouldBeEmpty();
        return EstateDiff.Between(EstateReader.Read(Text).Document!, reading.Document!);
    }
}

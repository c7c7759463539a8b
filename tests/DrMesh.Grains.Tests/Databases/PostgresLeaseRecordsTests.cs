using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Recovery;
using DrMesh.Grains.Databases;
using DrMesh.Grains.Tests.ControlStore;

namespace DrMesh.Grains.Tests.Databases;

/// <summary>A lease is renewed only while the cluster's record is the one that was read, in a real control store.</summary>
public sealed class PostgresLeaseRecordsTests(ControlStoreFixture fixture)
{
    private static readonly ClusterRecord Found = ClusterRecord.Found(new ClusterId("orders"), "eu", AcknowledgingSet.Nobody);
    private static readonly ClusterLease Lease = new() { Cluster = Found.Cluster, Epoch = 1, Holder = "eu", Voters = ["ap", "us"], Length = TimeSpan.FromSeconds(3.5) };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TryRenewAsync_RecordUnchanged_IsReadAsItWasStored_ElseNothingIsStored()
    {
        await using var store = await fixture.CreateStoreAsync();
        var (records, leases) = (new PostgresClusterRecords(store.Store), new PostgresLeaseRecords(store.Store));

        (await leases.FindAsync(Found.Cluster, Cancellation)).ShouldBeNull();
        (await leases.TryRenewAsync(Lease, 1, Cancellation)).ShouldBeFalse("there is no record");
        await records.TryStoreAsync(Found, Cancellation);
        (await leases.TryRenewAsync(Lease, 1, Cancellation)).ShouldBeTrue();
        (await leases.FindAsync(Found.Cluster, Cancellation)).ShouldBe(Lease);
        (await leases.TryRenewAsync(Lease with { Voters = ["ap"] }, 1, Cancellation)).ShouldBeTrue();
        (await leases.TryRenewAsync(Lease with { Epoch = 2 }, 1, Cancellation)).ShouldBeFalse("another epoch");
        await records.TryStoreAsync(Found.Raise(new SessionId("recovery-1"), null), Cancellation);
        (await leases.TryRenewAsync(Lease, 1, Cancellation)).ShouldBeFalse("the record changed");

        (await leases.FindAsync(Found.Cluster, Cancellation)).ShouldBe(Lease with { Voters = ["ap"] });
    }

    [Fact]
    public async Task TryRenewAsync_WhileTheEpochIsRaised_WhoeverRaisedItReadsTheLastRenewal()
    {
        await using var store = await fixture.CreateStoreAsync();
        var (records, leases) = (new PostgresClusterRecords(store.Store), new PostgresLeaseRecords(store.Store));
        await records.TryStoreAsync(Found, Cancellation);

        for (var record = Found; record.Version < 30; record = (await records.FindAsync(Found.Cluster, Cancellation))!)
        {
            var at = record;
            var renewals = Enumerable.Range(0, 4)
                .Select(number => Lease with { Epoch = at.Epoch, Length = TimeSpan.FromSeconds(number + 1) })
                .Select(async lease => (lease, stored: await leases.TryRenewAsync(lease, at.Version, Cancellation))).ToArray();
            (await records.TryStoreAsync(at.Raise(new SessionId("recovery-1"), null), Cancellation)).ShouldBeTrue();
            var last = await leases.FindAsync(Found.Cluster, Cancellation);

            await Task.WhenAll(renewals);
            (await leases.FindAsync(Found.Cluster, Cancellation)).ShouldBe(last, "nothing is renewed after the raise");
        }
    }
}

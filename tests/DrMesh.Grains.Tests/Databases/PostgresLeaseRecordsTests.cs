using DrMesh.Contracts.Databases;
using DrMesh.Core.Recovery;
using DrMesh.Grains.Databases;
using DrMesh.Grains.Tests.ControlStore;
using DrMesh.TestKit;
using Npgsql;

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
        await records.TryStoreAsync(Found.Release(), Cancellation);
        (await leases.TryRenewAsync(Lease, 1, Cancellation)).ShouldBeFalse("the record changed");

        (await leases.FindAsync(Found.Cluster, Cancellation)).ShouldBe(Lease with { Voters = ["ap"] });
    }

    [Fact]
    public async Task TryRenewAsync_WhileTheEpochIsRaised_WaitsAndStoresNothing()
    {
        await using var store = await fixture.CreateStoreAsync();
        var (records, leases) = (new PostgresClusterRecords(store.Store), new PostgresLeaseRecords(store.Store));
        await records.TryStoreAsync(Found, Cancellation);
        await using var raising = new NpgsqlConnection(store.ConnectionString);
        await raising.OpenAsync(Cancellation);
        await using var raise = await raising.BeginTransactionAsync(Cancellation);
        await using var change = new NpgsqlCommand("update drmesh.cluster set version = 2, epoch = 2", raising, raise);
        await change.ExecuteNonQueryAsync(Cancellation);

        var renewing = leases.TryRenewAsync(Lease, 1, Cancellation);
        await Eventually.HoldsAsync(
            async () => renewing.IsCompleted || await store.ScalarAsync<bool>("select exists (select from pg_locks where not granted)"), TimeSpan.FromSeconds(30), () => "the renewal has not come", Cancellation);
        await raise.CommitAsync(Cancellation);

        (await renewing).ShouldBeFalse("whoever raised the epoch has read the last renewal there can be");
        (await leases.FindAsync(Found.Cluster, Cancellation)).ShouldBeNull();
    }
}

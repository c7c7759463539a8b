using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Recovery;
using DrMesh.Grains.Databases;
using DrMesh.Grains.Tests.ControlStore;

namespace DrMesh.Grains.Tests.Databases;

/// <summary>The compare-and-set that every promotion goes through, in a real control store.</summary>
public sealed class PostgresClusterRecordsTests(ControlStoreFixture fixture)
{
    private static readonly ClusterId Orders = new("orders");
    private static readonly ClusterRecord Found = ClusterRecord.Found(Orders, "eu", AcknowledgingSet.Of(1, ["us", "ap"]));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TryStoreAsync_Record_IsReadAsItWasStored()
    {
        await using var store = await fixture.CreateStoreAsync();
        var records = new PostgresClusterRecords(store.Store);
        var promoting = Found.Raise(new SessionId("recovery-1"), new DateTimeOffset(2026, 11, 24, 6, 0, 0, TimeSpan.Zero)).Promote("us", AcknowledgingSet.Of(1, ["ap"]));

        (await records.FindAsync(Orders, Cancellation)).ShouldBeNull();
        (await records.TryStoreAsync(Found, Cancellation)).ShouldBeTrue();
        (await records.TryStoreAsync(Found.Raise(new SessionId("recovery-1"), null), Cancellation)).ShouldBeTrue();
        (await records.TryStoreAsync(promoting, Cancellation)).ShouldBeTrue();

        var read = (await records.FindAsync(Orders, Cancellation)).ShouldNotBeNull();
        (read with { OpenSets = [], FailedOverAt = [] }).ShouldBe(promoting with { OpenSets = [], FailedOverAt = [] });
        read.OpenSets.ShouldBe(promoting.OpenSets);
        read.FailedOverAt.ShouldBe(promoting.FailedOverAt);
    }

    [Fact]
    public async Task TryStoreAsync_ManyAtOnceFromOneVersion_ExactlyOneWins()
    {
        await using var store = await fixture.CreateStoreAsync();
        var records = new PostgresClusterRecords(store.Store);

        (await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => records.TryStoreAsync(Found, Cancellation)))).Count(won => won).ShouldBe(1, "the first record");
        for (var record = Found; record.Version < 6; record = (await records.FindAsync(Orders, Cancellation))!)
        {
            var from = record;
            var raised = Enumerable.Range(0, 8).Select(number => from.Raise(new SessionId($"recovery-{number}"), null)).ToArray();

            var won = await Task.WhenAll(raised.Select(next => records.TryStoreAsync(next, Cancellation)));

            won.Count(yes => yes).ShouldBe(1);
            (await records.FindAsync(Orders, Cancellation))!.Session.ShouldBe(raised[Array.IndexOf(won, true)].Session);
        }
    }

    [Fact]
    public async Task TryStoreAsync_OldOrSkippedVersion_StoresNothing()
    {
        await using var store = await fixture.CreateStoreAsync();
        var records = new PostgresClusterRecords(store.Store);
        await records.TryStoreAsync(Found, Cancellation);

        (await records.TryStoreAsync(Found, Cancellation)).ShouldBeFalse();
        (await records.TryStoreAsync(Found with { Version = 3 }, Cancellation)).ShouldBeFalse();
        (await records.FindAsync(Orders, Cancellation))!.Version.ShouldBe(1);
    }
}

using DrMesh.Contracts.Sessions;
using DrMesh.Grains.Sessions;
using DrMesh.Grains.Tests.ControlStore;

namespace DrMesh.Grains.Tests.Sessions;

public sealed class PostgresSessionTableTests(ControlStoreFixture fixture)
{
    private static readonly DateTimeOffset At = new(2026, 11, 24, 6, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ClaimAsync_ManyAtOnce_OneWinsAndAllLearnWho()
    {
        await using var store = await fixture.CreateStoreAsync();
        var table = new PostgresSessionTable(store.Store);

        var holders = await Task.WhenAll(Enumerable.Range(0, 12).Select(number => table.ClaimAsync(Entry($"backup-{number}"), "silo-1", Cancellation)));

        var winner = holders.Distinct().ShouldHaveSingleItem();
        (await table.ClaimAsync(Entry(winner.Value), "silo-1", Cancellation)).ShouldBe(winner, "repeating a claim is safe");
        (await table.ClaimAsync(Entry("restore-1"), "silo-1", Cancellation)).Value.ShouldBe("restore-1", "another kind may work on the same");

        await table.UpdateAsync(Entry(winner.Value) with { Status = SessionStatus.Succeeded, EndedAt = At, Outcome = "done" }, "silo-1", Cancellation);
        (await table.ClaimAsync(Entry("backup-next"), "silo-1", Cancellation)).Value.ShouldBe("backup-next", "an end frees the subject");
    }

    [Fact]
    public async Task FindStaleAsync_LostLetGoAndOldHeartbeats_AreFound()
    {
        await using var store = await fixture.CreateStoreAsync();
        var table = new PostgresSessionTable(store.Store);
        foreach (var (id, silo) in new[] { ("a-1", "living"), ("b-1", "living"), ("c-1", "dead"), ("d-1", "living"), ("e-1", "living") })
        {
            await table.ClaimAsync(Entry(id), silo, Cancellation);
        }

        await table.LetGoAsync(new SessionId("b-1"), "living", Cancellation);
        await table.LetGoAsync(new SessionId("a-1"), "somebody else", Cancellation);
        await store.ExecuteAsync("update drmesh.session set heartbeat_at = clock_timestamp() - interval '1 minute' where session_id in ('d-1', 'e-1')");
        await table.BeatAsync([new SessionId("e-1")], "living", Cancellation);

        var stale = await table.FindStaleAsync(TimeSpan.FromSeconds(30), ["living"], Cancellation);

        stale.Select(session => session.Value).ShouldBe(["b-1", "c-1", "d-1"], ignoreOrder: true);
    }

    [Fact]
    public async Task UpdateAsync_AfterTheEnd_ChangesNothing()
    {
        await using var store = await fixture.CreateStoreAsync();
        var table = new PostgresSessionTable(store.Store);
        await table.UpdateAsync(Entry("backup-1") with { Status = SessionStatus.Failed, EndedAt = At, Outcome = "disk full" }, "silo-1", Cancellation);

        await table.UpdateAsync(Entry("backup-1") with { Phase = "Copying" }, "silo-2", Cancellation);

        var listed = (await table.ListAsync(new SessionFilter { Kind = "backup" }, Cancellation)).ShouldHaveSingleItem();
        (listed.Status, listed.Outcome, listed.EndedAt).ShouldBe((SessionStatus.Failed, "disk full", (DateTimeOffset?)At));
        (await table.ListAsync(new SessionFilter { UnfinishedOnly = true }, Cancellation)).ShouldBeEmpty();
        await table.ForgetAsync(new SessionId("backup-1"), Cancellation);
        (await table.ListAsync(new SessionFilter(), Cancellation)).ShouldBeEmpty();
    }

    private static SessionEntry Entry(string id) => new()
    {
        Id = new SessionId(id),
        Subject = id is { Length: 3 } ? id : "orders",
        Title = "a test",
        Status = SessionStatus.Running,
        Phase = "Working",
        StartedBy = "ann",
        StartedAt = At,
    };
}

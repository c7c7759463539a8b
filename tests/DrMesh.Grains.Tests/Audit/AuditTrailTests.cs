using DrMesh.Contracts.Audit;
using DrMesh.Core.Audit;
using DrMesh.Grains.Audit;
using DrMesh.Grains.Tests.ControlStore;
using Npgsql;

namespace DrMesh.Grains.Tests.Audit;

/// <summary>The trail on a real PostgreSQL, and what becomes of it under the hands of someone who may do anything to the database.</summary>
public sealed class AuditTrailTests(ControlStoreFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Append_ManyAtOnceFromSeveralSilos_IsOneChainWithoutGaps()
    {
        await using var database = await fixture.CreateStoreAsync();
        var silos = Enumerable.Range(0, 3).Select(_ => ControlStoreFixture.Connect(database.ConnectionString)).ToList();

        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Task.Run(() => new AuditTrail(silos[i % 3]).AppendAsync(Record($"t{i}"), Cancellation))));

        var verification = await VerifyAsync(database);
        verification.Break.ShouldBeNull();
        verification.Rows.ShouldBe(60);
        foreach (var silo in silos)
        {
            await silo.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("zero \0 character")]
    [InlineData("half a pair \ud83d")]
    [InlineData("whole pair \ud83d\ude00, ü, \u202e")]
    public async Task Append_UnusualText_IsStoredAndSound(string text)
    {
        await using var database = await fixture.CreateStoreAsync();
        var trail = new AuditTrail(database.Store);

        await trail.AppendAsync(Record("t") with { Actor = text, Reason = text, Detail = new string('x', 5000) + text }, Cancellation);

        (await VerifyAsync(database)).Break.ShouldBeNull();
        var entry = (await trail.ListAsync(new AuditQuery(), Cancellation)).ShouldHaveSingleItem();
        entry.Detail.Length.ShouldBe(AuditRecord.LongestText);
        entry.Detail.ShouldEndWith("…");
    }

    [Fact]
    public async Task List_Filters_ReturnTheNewestFirst()
    {
        await using var database = await fixture.CreateStoreAsync();
        var trail = new AuditTrail(database.Store);
        await trail.AppendAsync(Record("a") with { Actor = "ann" }, Cancellation);
        await trail.AppendAsync(Record("b") with { Actor = "ann", Action = "other.action" }, Cancellation);
        var middle = (await trail.ListAsync(new AuditQuery { Limit = 1 }, Cancellation))[0].At;
        await trail.AppendAsync(Record("a") with { Actor = "bob" }, Cancellation);

        (await SequencesAsync(new AuditQuery())).ShouldBe([3, 2, 1]);
        (await SequencesAsync(new AuditQuery { Actor = "ann" })).ShouldBe([2, 1]);
        (await SequencesAsync(new AuditQuery { Target = "a" })).ShouldBe([3, 1]);
        (await SequencesAsync(new AuditQuery { Action = "other.action" })).ShouldBe([2]);
        (await SequencesAsync(new AuditQuery { Since = middle.ToOffset(TimeSpan.FromHours(3)) })).ShouldBe([3, 2]);
        (await SequencesAsync(new AuditQuery { Limit = 1 })).ShouldBe([3]);
        (await SequencesAsync(new AuditQuery { Before = 3 })).ShouldBe([2, 1]);

        async Task<IEnumerable<long>> SequencesAsync(AuditQuery query) => (await trail.ListAsync(query, Cancellation)).Select(entry => entry.Sequence);
    }

    [Theory]
    [InlineData("update drmesh.audit set actor = 'nobody'", "UPDATE")]
    [InlineData("delete from drmesh.audit where sequence = 2", "DELETE")]
    [InlineData("truncate drmesh.audit", "TRUNCATE")]
    [InlineData("set session_replication_role = replica; delete from drmesh.audit", "DELETE")]
    [InlineData("insert into drmesh.audit select * from drmesh.audit on conflict (sequence) do update set actor = 'nobody'", "UPDATE")]
    public async Task Table_RefusesEveryChange(string sql, string operation)
    {
        await using var database = await StoreWithRowsAsync(3);

        var refusal = await Should.ThrowAsync<PostgresException>(() => database.ExecuteAsync(sql));

        refusal.MessageText.ShouldBe($"the audit trail is append-only: {operation} is refused");
        (await VerifyAsync(database)).Rows.ShouldBe(3);
    }

    [Theory]
    [InlineData("update drmesh.audit set actor = 'somebody' where sequence = 4", 4, "row 4 was changed: its content does not have its hash")]
    [InlineData("update drmesh.audit set at = at - interval '1 hour' where sequence = 10", 10, "row 10 was changed: its content does not have its hash")]
    [InlineData("update drmesh.audit set outcome = 'Refused' where sequence = 1", 1, "row 1 was changed: its content does not have its hash")]
    [InlineData("update drmesh.audit set hash = sha256('x') where sequence = 4", 4, "row 4 was changed: its content does not have its hash")]
    [InlineData("delete from drmesh.audit where sequence = 4", 4, "row 4 is missing")]
    [InlineData("delete from drmesh.audit where sequence between 4 and 6", 4, "rows 4 to 6 are missing")]
    [InlineData("delete from drmesh.audit where sequence = 1", 1, "row 1 is missing")]
    [InlineData("delete from drmesh.audit where sequence = 4; update drmesh.audit set sequence = sequence - 1 where sequence > 4", 4, "row 4 was changed: its content does not have its hash")]
    [InlineData("update drmesh.audit set sequence = 99 where sequence = 4; update drmesh.audit set sequence = 4 where sequence = 5; update drmesh.audit set sequence = 5 where sequence = 99", 4, "row 4 was changed: its content does not have its hash")]
    public async Task Verify_SuperuserTampered_NamesTheRow(string sql, long row, string description)
    {
        await using var database = await StoreWithRowsAsync(10);

        await database.ExecuteAsync($"alter table drmesh.audit disable trigger all; {sql}; alter table drmesh.audit enable always trigger audit_append_only");

        var found = (await VerifyAsync(database)).Break.ShouldNotBeNull();
        found.Sequence.ShouldBe(row);
        found.Description.ShouldBe(description);
    }

    [Fact]
    public async Task Verify_RowReplacedWithARightHash_IsFoundByItsSuccessor()
    {
        await using var database = await StoreWithRowsAsync(6);
        var rows = await new AuditTrail(database.Store).ReadAsync(0, 100, Cancellation);
        var forged = AuditChain.Append(
            new AuditPosition { Sequence = 2, Hash = Convert.ToHexStringLower(rows[1].Hash.AsSpan()) }, rows[2].At, rows[2].Record with { Actor = "mallory" });

        await database.ExecuteAsync(
            $"""
            alter table drmesh.audit disable trigger all;
            update drmesh.audit set actor = 'mallory', hash = '\x{Convert.ToHexStringLower(forged.Hash.AsSpan())}' where sequence = 3
            """);

        var found = (await VerifyAsync(database)).Break.ShouldNotBeNull();
        found.Sequence.ShouldBe(3);
        found.Description.ShouldBe("row 3 was replaced: row 4 was written after another");
    }

    [Fact]
    public async Task Verify_TailCutOff_OnlyAHeadKeptElsewhereShowsIt()
    {
        await using var database = await StoreWithRowsAsync(6);
        var head = (await VerifyAsync(database)).Reached;
        await new AuditTrail(database.Store).AppendAsync(Record("later"), Cancellation);
        (await VerifyAsync(database, head.Hash)).HasExpected.ShouldBeTrue("a trail that has grown still holds its old head");

        await database.ExecuteAsync("alter table drmesh.audit disable trigger all; delete from drmesh.audit where sequence >= 5");

        var verification = await VerifyAsync(database, head.Hash);
        verification.Break.ShouldBeNull();
        verification.Reached.Sequence.ShouldBe(4);
        verification.HasExpected.ShouldBeFalse();
    }

    private async Task<StoreDatabase> StoreWithRowsAsync(int count)
    {
        var database = await fixture.CreateStoreAsync();
        var trail = new AuditTrail(database.Store);
        for (var i = 1; i <= count; i++)
        {
            await trail.AppendAsync(Record($"target {i}"), Cancellation);
        }

        return database;
    }

    private static async Task<AuditVerification> VerifyAsync(StoreDatabase database, string? expected = null) =>
        AuditChain.Verify(AuditPosition.Begin, await new AuditTrail(database.Store).ReadAsync(0, 1000, Cancellation), isComplete: true, expected);

    private static AuditRecord Record(string target) => new()
    {
        Operation = Guid.NewGuid(), Actor = "ann", Action = "estate.apply", Target = target, Reason = "a test", Outcome = AuditOutcome.Done,
    };
}

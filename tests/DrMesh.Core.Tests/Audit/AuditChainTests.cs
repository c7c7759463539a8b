using DrMesh.Contracts.Audit;
using DrMesh.Core.Audit;

namespace DrMesh.Core.Tests.Audit;

public sealed class AuditChainTests
{
    private static readonly DateTimeOffset Begun = new(2026, 11, 24, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Hash_OfAKnownRow_NeverChanges()
    {
        // Computed once with another implementation of the documented form; a different value breaks every trail ever written.
        var record = new AuditRecord
        {
            Operation = new Guid("0f8fad5b-d9cb-469f-a165-70867728950e"), Actor = "ann", Action = "estate.apply", Target = "estate",
            Reason = "ü", Outcome = AuditOutcome.Done, Detail = "",
        };

        Convert.ToHexStringLower(AuditCanonicalForm.Hash(new byte[32], 1, Begun, record))
            .ShouldBe("d9e88698fba390762a8940c94a63f311bfe8c584ddb5415bfa2536b02386b2e1");
    }

    [Fact]
    public void Verify_WholeChain_IsSoundAndReachesTheHead()
    {
        var rows = Chain(20);

        var verification = AuditChain.Verify(AuditPosition.Begin, rows, isComplete: true, expected: null);

        verification.Break.ShouldBeNull();
        verification.Rows.ShouldBe(20);
        verification.Reached.ShouldBe(PositionOf(rows[19]));
    }

    [Fact]
    public void Verify_InStretches_GoesOnWhereTheLastEnded()
    {
        var rows = Chain(20);

        var first = AuditChain.Verify(AuditPosition.Begin, rows.Take(7), isComplete: false, expected: PositionOf(rows[12]).Hash);
        var second = AuditChain.Verify(first.Reached, rows.Skip(7), isComplete: true, expected: PositionOf(rows[12]).Hash.ToUpperInvariant());

        (first.Rows, first.IsComplete, first.HasExpected).ShouldBe((7, false, false));
        (second.Rows, second.IsComplete, second.HasExpected).ShouldBe((13, true, true));
    }

    public static TheoryData<string> Changes() => ["sequence", "at", "operation", "actor", "action", "target", "reason", "outcome", "detail", "previous", "hash"];

    [Theory]
    [MemberData(nameof(Changes))]
    public void Verify_AnyFieldChanged_NamesTheRow(string field)
    {
        var rows = Chain(9);
        var row = rows[4];
        rows[4] = field switch
        {
            "sequence" => row with { Sequence = 99 },
            "at" => row with { At = row.At.AddMicroseconds(1) },
            "operation" => row with { Record = row.Record with { Operation = Guid.Empty } },
            "actor" => row with { Record = row.Record with { Actor = "x" } },
            "action" => row with { Record = row.Record with { Action = "x" } },
            "target" => row with { Record = row.Record with { Target = "x" } },
            "reason" => row with { Record = row.Record with { Reason = "x" } },
            "outcome" => row with { Record = row.Record with { Outcome = AuditOutcome.Refused } },
            "detail" => row with { Record = row.Record with { Detail = "x" } },
            "previous" => row with { PreviousHash = rows[0].Hash },
            _ => row with { Hash = rows[0].Hash },
        };

        var found = AuditChain.Verify(AuditPosition.Begin, rows, isComplete: false, expected: null);

        found.Break.ShouldNotBeNull().Sequence.ShouldBe(5);
        found.IsComplete.ShouldBeTrue();
        found.Reached.ShouldBe(PositionOf(rows[3]));
    }

    [Fact]
    public void Verify_TextMovedBetweenFields_IsFound()
    {
        var rows = Chain(3);
        rows[1] = rows[1] with { Record = rows[1].Record with { Actor = "annes", Action = "tate.apply" } };

        AuditChain.Verify(AuditPosition.Begin, rows, isComplete: true, expected: null).Break.ShouldNotBeNull().Sequence.ShouldBe(2);
    }

    [Theory]
    [InlineData(3, 1, "row 3 is missing")]
    [InlineData(1, 1, "row 1 is missing")]
    [InlineData(2, 4, "rows 2 to 5 are missing")]
    public void Verify_RowsRemoved_NamesThem(int first, int count, string description)
    {
        var rows = Chain(9);
        rows.RemoveRange(first - 1, count);

        AuditChain.Verify(AuditPosition.Begin, rows, isComplete: true, expected: null).Break
            .ShouldBe(new AuditBreak { Sequence = first, Description = description });
    }

    [Fact]
    public void Verify_RowTwice_IsFound()
    {
        var rows = Chain(4);
        rows.Insert(2, rows[1]);

        AuditChain.Verify(AuditPosition.Begin, rows, isComplete: true, expected: null).Break.ShouldNotBeNull().Description.ShouldBe("row 2 is there twice");
    }

    [Fact]
    public void Verify_BeginningRewrittenFromAnotherTrail_IsFound()
    {
        var other = AuditChain.Append(new AuditPosition { Sequence = 0, Hash = new string('1', 64) }, Begun, Record(1));

        AuditChain.Verify(AuditPosition.Begin, [other], isComplete: true, expected: null).Break
            .ShouldNotBeNull().Description.ShouldBe("row 1 is not the first that was written: rows before it were removed");
    }

    private static List<AuditRow> Chain(int length)
    {
        List<AuditRow> rows = [];
        var head = AuditPosition.Begin;
        for (var i = 1; i <= length; i++)
        {
            rows.Add(AuditChain.Append(head, Begun.AddSeconds(i), Record(i)));
            head = PositionOf(rows[^1]);
        }

        return rows;
    }

    private static AuditRecord Record(int number) => new()
    {
        Operation = new Guid(number, 0, 0, new byte[8]), Actor = "ann", Action = "estate.apply", Target = $"t{number}", Reason = "why", Outcome = AuditOutcome.Done, Detail = "d",
    };

    private static AuditPosition PositionOf(AuditRow row) => new() { Sequence = row.Sequence, Hash = Convert.ToHexStringLower(row.Hash.AsSpan()) };
}

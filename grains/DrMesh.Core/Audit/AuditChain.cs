using DrMesh.Contracts.Audit;

namespace DrMesh.Core.Audit;

/// <summary>
/// The chain over the audit trail: each row's hash covers the row and its predecessor's hash. Whoever changes, removes, inserts or swaps rows must
/// compute every later hash again; a head kept elsewhere shows even that.
/// </summary>
public static class AuditChain
{
    /// <summary>The row that follows <paramref name="head"/>.</summary>
    public static AuditRow Append(AuditPosition head, DateTimeOffset at, AuditRecord record)
    {
        var previous = Convert.FromHexString(head.Hash);
        var storable = record.Storable();
        return new AuditRow
        {
            Sequence = head.Sequence + 1,
            At = at,
            Record = storable,
            PreviousHash = [.. previous],
            Hash = [.. AuditCanonicalForm.Hash(previous, head.Sequence + 1, at, storable)],
        };
    }

    /// <summary>Checks rows in the order of their numbers, beginning after <paramref name="after"/>, up to the first that is not as it was written.</summary>
    /// <param name="after">A position known to be sound.</param>
    /// <param name="rows">The rows that follow it.</param>
    /// <param name="isComplete">Whether the trail ends with the last of <paramref name="rows"/>.</param>
    /// <param name="expected">A hash to look out for, in hexadecimal.</param>
    public static AuditVerification Verify(AuditPosition after, IEnumerable<AuditRow> rows, bool isComplete, string? expected)
    {
        var reached = after;
        var hasExpected = IsExpected(after.Hash);
        AuditBreak? found = null;
        foreach (var row in rows)
        {
            found = FindBreak(reached, row);
            if (found is not null)
            {
                break;
            }

            reached = new AuditPosition { Sequence = row.Sequence, Hash = Convert.ToHexStringLower(row.Hash.AsSpan()) };
            hasExpected |= IsExpected(reached.Hash);
        }

        return new AuditVerification
        {
            Rows = reached.Sequence - after.Sequence,
            Reached = reached,
            IsComplete = isComplete || found is not null,
            HasExpected = hasExpected,
            Break = found,
        };

        bool IsExpected(string hash) => expected is not null && hash.Equals(expected, StringComparison.OrdinalIgnoreCase);
    }

    private static AuditBreak? FindBreak(AuditPosition reached, AuditRow row)
    {
        var next = reached.Sequence + 1;
        if (row.Sequence != next)
        {
            return row.Sequence < next ? Break(row.Sequence, $"row {row.Sequence} is there twice")
                : row.Sequence == next + 1 ? Break(next, $"row {next} is missing")
                : Break(next, $"rows {next} to {row.Sequence - 1} are missing");
        }

        var computed = AuditCanonicalForm.Hash(row.PreviousHash.AsSpan(), row.Sequence, row.At, row.Record);
        if (!row.Hash.AsSpan().SequenceEqual(computed))
        {
            return Break(row.Sequence, $"row {row.Sequence} was changed: its content does not have its hash");
        }

        // The row is whole but was written after another predecessor than the one that is there now.
        return row.PreviousHash.AsSpan().SequenceEqual(Convert.FromHexString(reached.Hash)) ? null
            : reached.Sequence == 0 ? Break(row.Sequence, "row 1 is not the first that was written: rows before it were removed")
            : Break(reached.Sequence, $"row {reached.Sequence} was replaced: row {row.Sequence} was written after another");
    }

    private static AuditBreak Break(long sequence, string description) => new() { Sequence = sequence, Description = description };
}

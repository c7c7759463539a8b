namespace DrMesh.Core.Backups.MongoDb;

/// <summary>A stretch of an oplog archive without a hole: everything after <paramref name="From"/> up to and with <paramref name="To"/>.</summary>
public sealed record OplogRange(OpTime From, OpTime To, IReadOnlyList<OplogSliceName> Slices);

/// <summary>What an oplog archive covers.</summary>
public static class OplogChain
{
    /// <summary>The stretches without holes, oldest first; between two of them operations are missing.</summary>
    /// <param name="slices">The archive's slices, in any order. Slices that overlap (two archivers at once) are one stretch.</param>
    public static IReadOnlyList<OplogRange> Ranges(IEnumerable<OplogSliceName> slices)
    {
        var ranges = new List<OplogRange>();
        var current = new List<OplogSliceName>();
        foreach (var slice in slices.OrderBy(slice => slice.From).ThenBy(slice => slice.To))
        {
            if (current.Count > 0 && !Follows(slice, current[^1].To))
            {
                ranges.Add(new OplogRange(current[0].From, current[^1].To, [.. current]));
                current.Clear();
            }

            if (current.Count == 0 || slice.To > current[^1].To)
            {
                current.Add(slice);
            }
        }

        if (current.Count > 0)
        {
            ranges.Add(new OplogRange(current[0].From, current[^1].To, [.. current]));
        }

        return ranges;
    }

    /// <summary>The slices that bring data of position <paramref name="from"/> to position <paramref name="to"/>, oldest first; null: a part of the way is missing.</summary>
    public static IReadOnlyList<OplogSliceName>? Path(IEnumerable<OplogSliceName> slices, OpTime from, OpTime to)
    {
        if (to <= from)
        {
            return [];
        }

        var range = Ranges(slices).FirstOrDefault(range => range.From <= from && range.To >= to);
        return range?.Slices.Where(slice => slice.To > from && slice.From < to).ToList();
    }

    // Same timestamp, other term: the operation there was rolled back and another took its place. An earlier one of a later term: what was archived after it is not in this history, as after
    // survivors were forced into a set of their own.
    private static bool Follows(OplogSliceName slice, OpTime end) => slice.From == end || (slice.From < end && slice.From.Term <= end.Term);
}

using System.Collections.Immutable;
using DrMesh.Contracts.Databases;

namespace DrMesh.Core.Recovery;

/// <summary>
/// How far and how fast one observer saw a primary write WAL, from one answer of its agent to the next; times by the observer's own monotonic clock. From it follows what the primary can have written
/// unseen: <see cref="ReachAt"/>.
/// </summary>
public sealed record WalPace
{
    /// <summary>For how long what was seen counts, 10 min.</summary>
    public static TimeSpan Memory { get; } = TimeSpan.FromMinutes(10);

    // Two answers closer together tell little of a rate; of a peak between two that are far apart they tell nothing.
    private static readonly TimeSpan Nearest = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Farthest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Share = TimeSpan.FromMinutes(1);

    // The default size of a segment, of which every larger one is a multiple; and how near its beginning a primary is that has just begun it.
    private const ulong Segment = 16 << 20;
    private const ulong JustBegun = 64 << 10;

    private Sight? Last { get; init; }

    // Where the next sample begins.
    private Sight? Base { get; init; }

    private ImmutableArray<Minute> Minutes { get; init; } = [];

    /// <summary>Nothing was seen yet.</summary>
    public static WalPace None { get; } = new();

    /// <summary>The pace after another answer.</summary>
    /// <param name="timeline">The timeline the primary writes on; another than before begins anew.</param>
    /// <param name="lsn">The end of its WAL.</param>
    /// <param name="from">The earliest moment at which it may have been there.</param>
    /// <param name="to">The latest: when the answer had come.</param>
    public WalPace After(TimelineId timeline, Lsn lsn, TimeSpan from, TimeSpan to)
    {
        var sight = new Sight(timeline, lsn, from, to);
        if (Base is not { } begin || begin.Timeline != timeline || lsn < begin.Lsn || from - begin.To > Farthest)
        {
            // Of another timeline nothing that was seen before counts; over a gap it does.
            return new WalPace { Last = sight, Base = sight, Minutes = Base?.Timeline == timeline ? Minutes : [] };
        }

        // The shortest time there can have been between the two positions: no rate is told too low.
        var between = from - begin.To;
        return between < Nearest ? this with { Last = sight }
            : new WalPace { Last = sight, Base = sight, Minutes = MaySkip(begin.Lsn, lsn) ? Minutes : With((lsn - begin.Lsn) / between.TotalSeconds, between, to) };
    }

    // A switch, as at the end of a base backup, leaves the rest of a segment empty. Such a step forward is no writing and tells no rate; nor does a second count in which there may have been one.
    private static bool MaySkip(Lsn before, Lsn after) => before.Value / Segment < after.Value / Segment && after.Value % Segment < JustBegun;

    /// <summary>How far the primary can have written by a moment of the observer's clock; null: it was never seen.</summary>
    public WalReach? ReachAt(TimeSpan now)
    {
        if (Last is not { } last)
        {
            return null;
        }

        var counted = Minutes.Where(minute => minute.Number > Number(last.To - Memory)).ToArray();
        return new WalReach
        {
            Timeline = last.Timeline,
            Seen = last.Lsn,
            Unseen = now - last.From,
            BytesPerSecond = counted.Select(minute => minute.Highest).DefaultIfEmpty(0).Max(),
            Watched = counted.Aggregate(TimeSpan.Zero, (sum, minute) => sum + minute.Watched),
        };
    }

    private ImmutableArray<Minute> With(double rate, TimeSpan watched, TimeSpan at)
    {
        var kept = Minutes.RemoveAll(minute => minute.Number <= Number(at - Memory));
        return kept is [.., { } newest] && newest.Number == Number(at)
            ? kept.SetItem(kept.Length - 1, new Minute(newest.Number, Math.Max(newest.Highest, rate), newest.Watched + watched))
            : kept.Add(new Minute(Number(at), rate, watched));
    }

    private static long Number(TimeSpan at) => (long)Math.Floor(at / Share);

    private sealed record Sight(TimelineId Timeline, Lsn Lsn, TimeSpan From, TimeSpan To);

    private sealed record Minute(long Number, double Highest, TimeSpan Watched);
}

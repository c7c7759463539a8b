using System.Collections.Immutable;
using DrMesh.Contracts.Restores.Unified;

namespace DrMesh.Core.Restores.Unified;

/// <summary>Which parts of an application are restored at once, and how long that takes.</summary>
public static class RestoreTurns
{
    /// <summary>What the planner needs to know of a part.</summary>
    /// <param name="Target">How steps name it.</param>
    /// <param name="Place">The machine or set that gets it: parts of one place share its disks.</param>
    /// <param name="Estimate">How long it takes alone; null: not known.</param>
    public sealed record Part(string Target, string Place, TimeSpan? Estimate);

    /// <summary>All at once; or, where a place gets several parts that would take its disks from each other, one a place at a time.</summary>
    public static RestoreStrategy Choose(IReadOnlyCollection<Part> parts) =>
        parts.GroupBy(part => part.Place).Any(place => place.Count() > 1) ? RestoreStrategy.OptimisedParallel : RestoreStrategy.Parallel;

    /// <summary>The turns of a strategy, each the targets that are restored side by side.</summary>
    public static ImmutableArray<ImmutableArray<string>> Of(RestoreStrategy strategy, IReadOnlyCollection<Part> parts) => strategy switch
    {
        RestoreStrategy.Parallel => [[.. parts.Select(part => part.Target)]],
        RestoreStrategy.Sequential => [.. parts.Select(part => ImmutableArray.Create(part.Target))],
        RestoreStrategy.OptimisedParallel =>
        [
            .. parts.GroupBy(part => part.Place)
                // What nobody knows the length of goes first: it may be the longest.
                .SelectMany(place => place.OrderByDescending(part => part.Estimate ?? TimeSpan.MaxValue).Select((part, turn) => (part.Target, Turn: turn)))
                .GroupBy(part => part.Turn, part => part.Target).OrderBy(turn => turn.Key).Select(turn => turn.ToImmutableArray()),
        ],
        _ => Of(Choose(parts), parts),
    };

    /// <summary>What each strategy would mean, the chosen one first.</summary>
    public static ImmutableArray<StrategyOffer> Offers(RestoreStrategy asked, IReadOnlyCollection<Part> parts)
    {
        var chosen = asked == RestoreStrategy.Planned ? Choose(parts) : asked;
        return
        [
            .. new[] { RestoreStrategy.Parallel, RestoreStrategy.OptimisedParallel, RestoreStrategy.Sequential }
                .OrderByDescending(strategy => strategy == chosen)
                .Select(strategy => new StrategyOffer
                {
                    Strategy = strategy,
                    IsChosen = strategy == chosen,
                    Estimate = Estimate(Of(strategy, parts), parts),
                    Turns = Of(strategy, parts).Length,
                    Risk = strategy switch
                    {
                        RestoreStrategy.Parallel => "parts on one machine compete for its disks; when one fails the others were begun in vain",
                        RestoreStrategy.Sequential => "takes longest; when a part fails the later ones were not begun",
                        _ => "a turn waits for its slowest part; when one fails only that turn was begun in vain",
                    },
                }),
        ];
    }

    // Side by side on one place takes as long as one after the other there: the rates were measured with the place to themselves.
    private static TimeSpan? Estimate(ImmutableArray<ImmutableArray<string>> turns, IReadOnlyCollection<Part> parts)
    {
        if (parts.Any(part => part.Estimate is null))
        {
            return null;
        }

        var sum = TimeSpan.Zero;
        foreach (var turn in turns)
        {
            sum += parts.Where(part => turn.Contains(part.Target)).GroupBy(part => part.Place).Max(place => TimeSpan.FromTicks(place.Sum(part => part.Estimate!.Value.Ticks)));
        }

        return sum;
    }
}

using DrMesh.Contracts.Databases;

namespace DrMesh.Core.Recovery;

/// <summary>Whether those who promised are enough for a promotion to lose no acknowledged write, and to leave the old primary nobody to acknowledge with.</summary>
public static class PromotionQuorum
{
    /// <summary>
    /// True when every group that could have acknowledged a commit has a member among those who promised: more than n − k of each set's n. The same count leaves the old primary
    /// fewer than k standbys, so it acknowledges nothing more. While a change of the set is open, both the old and the new set count. A set that waits for nobody is covered by nobody.
    /// </summary>
    public static bool Covers(IEnumerable<AcknowledgingSet> openSets, IReadOnlyCollection<string> promised)
    {
        ArgumentNullException.ThrowIfNull(openSets);
        var any = false;
        foreach (var set in openSets)
        {
            any = true;
            if (set.Needed < 1 || promised.Count(set.Members.Contains) <= set.Members.Length - set.Needed)
            {
                return false;
            }
        }

        return any;
    }

    /// <summary>How many more promises are needed of the set that lacks most; 0: covered. Null: no number of promises tells (<c>async</c>).</summary>
    public static int? Missing(IReadOnlyCollection<AcknowledgingSet> openSets, IReadOnlyCollection<string> promised)
    {
        ArgumentNullException.ThrowIfNull(openSets);
        return openSets.Count == 0 || openSets.Any(set => set.Needed < 1)
            ? null
            : openSets.Max(set => Math.Max(0, set.Members.Length - set.Needed + 1 - promised.Count(set.Members.Contains)));
    }

    /// <summary>True when so many of so many agents are more than half: two such groups always share a member.</summary>
    public static bool IsMajority(int yes, int of) => yes > of / 2;
}

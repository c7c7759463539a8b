using DrMesh.Contracts.Databases;

namespace DrMesh.Core.Recovery;

/// <summary>
/// When a change of the acknowledging set may be closed. That the new set is in force is not enough: a standby of it may lack what the former set acknowledged, and a promotion
/// that asks the new set alone would lose it. WAL is received in order, so whoever has a later record has every earlier one.
/// </summary>
public static class SetConfirmation
{
    /// <summary>True when enough of the set have the primary's WAL up to a position it had after the set came into force.</summary>
    public static bool HasAll(AcknowledgingSet set, Lsn upTo, IEnumerable<FollowerStatus> followers)
    {
        ArgumentNullException.ThrowIfNull(set);
        return followers.Count(follower => set.Members.Contains(follower.Name) && follower.Flushed >= upTo) >= set.Needed;
    }
}

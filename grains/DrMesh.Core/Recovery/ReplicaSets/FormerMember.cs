using DrMesh.Core.Backups.MongoDb;

namespace DrMesh.Core.Recovery.ReplicaSets;

/// <summary>What one member says of itself, asked alone.</summary>
/// <param name="State">Its state; <see cref="MongoMemberState.Down"/> when it does not answer.</param>
/// <param name="ConfigVersion">The version of the configuration it has; 0: none.</param>
/// <param name="Applied">The last operation it has.</param>
/// <param name="Problem">Why it does not answer; null: it does.</param>
public sealed record MemberLook(MongoMemberState State, long ConfigVersion, OpTime Applied, string? Problem = null);

/// <summary>
/// What becomes of a member that was left behind by a forced reconfiguration and is back. With others of its kind it could elect a primary under the configuration of before, and acknowledge
/// writes beside the survivors. A member that reaches the survivors learns of theirs within a heartbeat or two, and is no danger; one that leads, or does not learn, is stopped.
/// </summary>
public static class FormerMember
{
    /// <summary>How long it may take to learn: a few heartbeats (2 s each), and less than an election takes to begin (<c>electionTimeoutMillis</c>, 10 s).</summary>
    public static readonly TimeSpan MayLearnFor = TimeSpan.FromSeconds(5);

    /// <summary>Whether it must be stopped.</summary>
    /// <param name="look">What it says.</param>
    /// <param name="fencedBelow">The first version of configurations that know of the forced one.</param>
    /// <param name="since">For how long it has been seen with an older one.</param>
    /// <param name="survivor">
    /// The survivor that was, or was about to be, given the forced configuration, while nobody confirmed that it has it; null: it is confirmed. When it answers with an older one, nothing was forced.
    /// </param>
    public static bool MustStop(MemberLook look, long fencedBelow, TimeSpan since, MemberLook? survivor = null)
    {
        ArgumentNullException.ThrowIfNull(look);
        return (survivor is not { ConfigVersion: > 0 } || survivor.ConfigVersion >= fencedBelow)
            && CanElect(look, fencedBelow) && (look.State == MongoMemberState.Primary || since >= MayLearnFor);
    }

    /// <summary>Whether it could take part in an election under a configuration of before.</summary>
    public static bool CanElect(MemberLook look, long fencedBelow)
    {
        ArgumentNullException.ThrowIfNull(look);
        return look.ConfigVersion > 0 && look.ConfigVersion < fencedBelow
            && look.State is MongoMemberState.Primary or MongoMemberState.Secondary or MongoMemberState.Recovering or MongoMemberState.Arbiter or MongoMemberState.Startup2 or MongoMemberState.Rollback;
    }
}

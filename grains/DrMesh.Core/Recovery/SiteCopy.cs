namespace DrMesh.Core.Recovery;

/// <summary>What is done with what lies in the data directory of a member that is to be brought up from the repository.</summary>
public enum SiteCopy
{
    /// <summary>A base backup is restored into it: it is empty, or a restore of ours was interrupted there.</summary>
    Restore,

    /// <summary>It is kept aside whole, then a base backup is restored: it led once, or was fenced, and may hold commits that nobody else has.</summary>
    KeepAside,

    /// <summary>It is a standby's copy: only what is archived beyond it is replayed.</summary>
    Follow,
}

/// <summary>Decides it.</summary>
public static class SiteCopies
{
    /// <summary>What to do with a stopped server's directory.</summary>
    /// <param name="isEmpty">It holds no data directory.</param>
    /// <param name="isHalfRestored">An interrupted restore of ours left its mark.</param>
    /// <param name="isStandby">It would start as a standby.</param>
    /// <param name="isFenced">Its agent keeps it from serving.</param>
    public static SiteCopy Decide(bool isEmpty, bool isHalfRestored, bool isStandby, bool isFenced) =>
        isEmpty || isHalfRestored ? SiteCopy.Restore
        : isStandby && !isFenced ? SiteCopy.Follow
        : SiteCopy.KeepAside;
}

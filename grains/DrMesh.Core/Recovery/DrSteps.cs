using DrMesh.Core.Sessions;

namespace DrMesh.Core.Recovery;

/// <summary>The steps of a DR session. All but <see cref="SwitchService"/> and the two that call hooks act on a cluster. Stored by name.</summary>
public static class DrSteps
{
    /// <summary>Brings the former primary back as a standby, by rewind or re-seed; evidence: <c>method</c>, <c>keptAside</c>.</summary>
    public static readonly StepName RejoinFormer = new("RejoinFormer");

    /// <summary>Waits until it has everything the primary had when it joined.</summary>
    public static readonly StepName AwaitSync = new("AwaitSync");

    /// <summary>Failback: members that were taken out of a replica set come in again, one at a time, and catch up. Acts on a set.</summary>
    public static readonly StepName RejoinSetMembers = new("RejoinSetMembers");

    /// <summary>Takes a replica set for the session: its epoch rises by compare-and-set. Acts on a set.</summary>
    public static readonly StepName RaiseSetEpoch = new("RaiseSetEpoch");

    /// <summary>
    /// Chooses which member of a replica set is to lead, and by which way; acts on a set; evidence: <c>way</c>, <c>candidate</c>, <c>host</c>, <c>region</c>, <c>position</c>, <c>survivors</c>,
    /// <c>lost</c>, <c>reason</c>, <c>acceptable</c>, and what each member says.
    /// </summary>
    public static readonly StepName ChooseSetPrimary = new("ChooseSetPrimary");

    /// <summary>Moves a set's primary: by priorities and step-down, or, approved, by forcing the survivors into a set of their own. Acts on a set.</summary>
    public static readonly StepName MoveSetPrimary = new("MoveSetPrimary");

    /// <summary>Writes the epoch on a set's new primary, acknowledged by a majority; evidence: <c>position</c>. Acts on a set.</summary>
    public static readonly StepName ProveSetWrite = new("ProveSetWrite");

    /// <summary>Sees that the set's primary leads still, tells of former members, and gives the set back. Fails where the set was left as it is. Acts on a set.</summary>
    public static readonly StepName SettleSet = new("SettleSet");

    /// <summary>Gives a set back; one that was being handed over is led by its former primary again first; evidence then: <c>primary</c>, <c>position</c>. Acts on a set.</summary>
    public static readonly StepName ReleaseSet = new("ReleaseSet");

    /// <summary>Asks every member how it stands; evidence: what each answered. An unreachable member is a finding, not a failure.</summary>
    public static readonly StepName ObserveMembers = new("ObserveMembers");

    /// <summary>
    /// Brings the other site up from base backup and archive, as a standby that follows nobody; evidence: <c>member</c>, <c>method</c>, <c>lsn</c>, <c>timeline</c>, <c>archivedAt</c>.
    /// </summary>
    public static readonly StepName RestoreSite = new("RestoreSite");

    /// <summary>Calls a hook before the primary is touched; acts on a hook. A failure stops the session.</summary>
    public static readonly StepName CallBefore = new("CallBefore");

    /// <summary>Calls a hook after the names have moved; acts on a hook.</summary>
    public static readonly StepName CallAfter = new("CallAfter");

    /// <summary>Raises the cluster's epoch by compare-and-set; evidence: <c>sets</c>, every acknowledging set open at that moment.</summary>
    public static readonly StepName RaiseEpoch = new("RaiseEpoch");

    /// <summary>Every reachable standby stops following and tells its LSN; evidence: <c>promise.MEMBER</c> = timeline and LSN.</summary>
    public static readonly StepName CollectPromises = new("CollectPromises");

    /// <summary>Stops the old primary where it can be reached; done as well when it is known to be stopped.</summary>
    public static readonly StepName FenceOldPrimary = new("FenceOldPrimary");

    /// <summary>
    /// Where commits wait for nobody: waits for the lease to run out unless the old primary is known to be stopped; evidence: <c>waited</c> in seconds, <c>excluded</c> = <c>yes</c> when
    /// nobody can be writing any more, else <c>no</c> with <c>why</c>, and <c>promise.MEMBER</c> of those who promised meanwhile; <c>at</c>, when that was, and, where it is <c>yes</c>,
    /// <c>reach</c> = timeline and LSN of the furthest that can have been written by then, where that is known, with what it <c>rests</c> on.
    /// </summary>
    public static readonly StepName AwaitLease = new("AwaitLease");

    /// <summary>Where the other site came up from the repository: replays what was archived since; evidence as <see cref="RestoreSite"/>.</summary>
    public static readonly StepName FollowArchive = new("FollowArchive");

    /// <summary>
    /// Chooses who is promoted; evidence: <c>candidate</c>, <c>loss</c> in bytes or <c>unknown</c>, what it <c>rests</c> on, <c>acceptable</c>, <c>acknowledging</c>; after a restore also <c>lossSeconds</c> and
    /// <c>doubt</c>, why the old primary may still write.
    /// </summary>
    public static readonly StepName ChooseCandidate = new("ChooseCandidate");

    /// <summary>A checkpoint beforehand makes the stop short.</summary>
    public static readonly StepName PrepareCheckpoint = new("PrepareCheckpoint");

    /// <summary>Stops the old primary in an orderly way; evidence: <c>lsn</c> of its last record.</summary>
    public static readonly StepName StopWrites = new("StopWrites");

    /// <summary>Waits until the candidate has that record.</summary>
    public static readonly StepName AwaitCaughtUp = new("AwaitCaughtUp");

    /// <summary>Records the candidate's acknowledging set as open, then promotes it under the epoch with that set in force.</summary>
    public static readonly StepName PromoteCandidate = new("PromoteCandidate");

    /// <summary>The reachable standbys follow the new primary.</summary>
    public static readonly StepName RepointStandbys = new("RepointStandbys");

    /// <summary>The new primary confirms its acknowledging set; the record of the cluster names it as the one that leads.</summary>
    public static readonly StepName ApplyDurability = new("ApplyDurability");

    /// <summary>Writes and reads a row under the epoch on the new primary. Once its set has acknowledged that, the set has all that came before, and the record names it alone.</summary>
    public static readonly StepName ProveWrite = new("ProveWrite");

    /// <summary>Moves a service's names; acts on a service.</summary>
    public static readonly StepName SwitchService = new("SwitchService");

    /// <summary>
    /// The old primary follows, where it is back; evidence as <see cref="RejoinFormer"/>, and where it was rewound <c>lostBytes</c>, <c>lostCommits</c>, with <c>lossShown</c> before the decision and
    /// <c>lossCounted</c> now side by side, and <c>lossBeyond</c> when more was lost than was shown.
    /// </summary>
    public static readonly StepName RejoinOldPrimary = new("RejoinOldPrimary");

    /// <summary>Watches the new primary for a while.</summary>
    public static readonly StepName WatchStability = new("WatchStability");

    /// <summary>The old primary serves again and the standbys follow it.</summary>
    public static readonly StepName ReturnToOldPrimary = new("ReturnToOldPrimary");
}

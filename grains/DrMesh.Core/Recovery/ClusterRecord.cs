using System.Collections.Immutable;
using System.Text.Json.Serialization;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Sessions;

namespace DrMesh.Core.Recovery;

/// <summary>
/// What the control store holds of a cluster: its epoch, its primary, and whom commits may wait for. It changes by compare-and-set only; whoever wants to act on the cluster
/// wins here first.
/// </summary>
public sealed record ClusterRecord
{
    /// <summary>The cluster.</summary>
    public required ClusterId Cluster { get; init; }

    /// <summary>Counts the changes; a change names the version it was made from.</summary>
    public required long Version { get; init; }

    /// <summary>The cluster's epoch.</summary>
    public required long Epoch { get; init; }

    /// <summary>The member that is primary; while a session moves it, the one it was.</summary>
    public required string Primary { get; init; }

    /// <summary>Every set a commit may have been acknowledged by: one, or more while a change is open. Those of a primary and of a candidate whose promotion was ordered.</summary>
    public required ImmutableArray<AcknowledgingSet> OpenSets { get; init; }

    /// <summary>The session that raised the epoch and has not given the cluster back; null: none.</summary>
    public SessionId? Session { get; init; }

    /// <summary>
    /// The member whose promotion was ordered and has not been confirmed; null: none. It may acknowledge writes already, so nobody goes back to <see cref="Primary"/> while it is set:
    /// another promotion that covers every open set ends it.
    /// </summary>
    public string? Candidate { get; init; }

    /// <summary>The epoch under which the session that holds the cluster lets somebody lead; another than <see cref="Epoch"/>: it lets nobody.</summary>
    public long? LedUnder { get; init; }

    /// <summary>The only member whose lease may be renewed; null: nobody's, since a session is about to promote another.</summary>
    [JsonIgnore]
    public string? MayLead => Session is null || LedUnder == Epoch ? Candidate ?? Primary : null;

    /// <summary>Whether a commit may be acknowledged that waited for nobody.</summary>
    [JsonIgnore]
    public bool IsAsync => OpenSets.Any(set => set.Needed == 0);

    /// <summary>When failovers raised the epoch, oldest first; the last twenty.</summary>
    public ImmutableArray<DateTimeOffset> FailedOverAt { get; init; } = [];

    /// <summary>How a person set the durability, in place of the estate's; null: as the estate says.</summary>
    public Contracts.Estate.DurabilityDefinition? Durability { get; init; }

    /// <summary>What was shown before the last promotion where commits waited for nobody, for whoever brings the old primary back; null: they waited, and what it alone has was never acknowledged.</summary>
    public ShownLoss? Shown { get; init; }

    /// <summary>
    /// For a replica set: members that a forced reconfiguration left behind, by <c>host:port</c>. Their region keeps them from electing until they have learned of it or come in again.
    /// </summary>
    public ImmutableArray<string> FormerMembers { get; init; } = [];

    /// <summary>For a replica set: the first configuration version that knows of the forced one.</summary>
    public long FormerBelow { get; init; }

    /// <summary>The first record of a cluster: what was found.</summary>
    public static ClusterRecord Found(ClusterId cluster, string primary, AcknowledgingSet set) =>
        new() { Cluster = cluster, Version = 1, Epoch = 1, Primary = primary, OpenSets = [set] };

    /// <summary>
    /// A session takes the cluster under a higher epoch. In a failover nobody may lead from here on; in a planned move the primary leads until the session has stopped it, unless
    /// the session has been here before.
    /// </summary>
    public ClusterRecord Raise(SessionId session, DateTimeOffset? failedOverAt) => Next() with
    {
        Epoch = Epoch + 1,
        Session = session,
        LedUnder = failedOverAt is null && Session is null ? Epoch + 1 : LedUnder,
        FailedOverAt = failedOverAt is { } at && Session != session ? [.. FailedOverAt.TakeLast(19), at] : FailedOverAt,
    };

    /// <summary>From here on commits may be acknowledged by this set as well; the one opened last is last.</summary>
    public ClusterRecord Open(AcknowledgingSet set) => Next() with { OpenSets = OpenSets.Remove(set).Add(set) };

    /// <summary>
    /// Between sessions, from here on commits may be acknowledged by this set as well. The epoch rises with it: an order for an earlier set that is still on its way is refused, so
    /// that nothing acknowledges by a set that was closed already. The same record when the set was opened last and is still open.
    /// </summary>
    public ClusterRecord Change(AcknowledgingSet set) => OpenSets.Length > 1 && OpenSets[^1] == set ? this : Open(set) with { Epoch = Epoch + 1 };

    /// <summary>The promotion of a member is about to be ordered; its commits may be acknowledged by this set.</summary>
    public ClusterRecord Promote(string candidate, AcknowledgingSet set) => Open(set) with { Candidate = candidate, LedUnder = Epoch };

    /// <summary>Nothing was promoted: the primary is about to be let serve again.</summary>
    public ClusterRecord Return() => Next() with { LedUnder = Epoch };

    /// <summary>The member leads, by its own word. Every set stays open until those of its own have everything.</summary>
    /// <param name="primary">The member.</param>
    /// <param name="shown">The loss that was shown before it was promoted; null: commits waited for standbys.</param>
    public ClusterRecord Confirm(string primary, ShownLoss? shown = null) => Next() with { Primary = primary, Candidate = null, Shown = shown };

    /// <summary>The primary confirmed that its commits wait for this set alone, and enough of the set have everything that was acknowledged before.</summary>
    public ClusterRecord Close(string primary, AcknowledgingSet set) => Next() with { Primary = primary, OpenSets = [set], Candidate = null };

    /// <summary>Survivors of a replica set are about to be forced into a set of their own; the others are former members from here on.</summary>
    public ClusterRecord LeaveBehind(string candidate, ImmutableArray<string> former, long below) => Next() with { Candidate = candidate, FormerMembers = former, FormerBelow = below };

    /// <summary>Every former member is in again.</summary>
    public ClusterRecord TakeBack() => Next() with { FormerMembers = [], FormerBelow = 0 };

    /// <summary>The session gives the cluster back.</summary>
    public ClusterRecord Release() => Next() with { Session = null };

    private ClusterRecord Next() => this with { Version = Version + 1 };
}

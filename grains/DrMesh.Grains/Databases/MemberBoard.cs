using System.Collections.Concurrent;
using DrMesh.Contracts.Databases;
using DrMesh.Core.Recovery;
using DrMesh.Grains.Agents;

namespace DrMesh.Grains.Databases;

/// <summary>What this silo last saw of every cluster: its record and its members' statuses. In memory, so that whoever must decide in a hurry waits for nobody who is gone.</summary>
internal sealed class MemberBoard(TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<ClusterId, ClusterRecord> _records = new();
    private readonly ConcurrentDictionary<(ClusterId Cluster, string Member), MemberSighting> _members = new();
    private readonly long _epoch = time.GetTimestamp();
    private long? _recordsReadAt;

    /// <summary>Whether the records are as the control store had them a few seconds ago.</summary>
    public bool HasFreshRecords => _recordsReadAt is { } at && time.GetElapsedTime(at) < Fresh;

    /// <summary>The record as last read or stored; null: none is known.</summary>
    public ClusterRecord? Record(ClusterId cluster) => _records.GetValueOrDefault(cluster);

    /// <summary>Notes a record; an older one is dropped.</summary>
    public void Note(ClusterRecord record) => _records.AddOrUpdate(record.Cluster, record, (_, known) => known.Version > record.Version ? known : record);

    /// <summary>Notes every record, as the control store had them at a timestamp of this silo's clock.</summary>
    public void Note(IEnumerable<ClusterRecord> records, long at)
    {
        foreach (var record in records)
        {
            Note(record);
        }

        _recordsReadAt = at;
    }

    /// <summary>A member as last seen; null: never asked.</summary>
    public MemberSighting? Member(ClusterId cluster, string member) => _members.GetValueOrDefault((cluster, member));

    /// <summary>How far a member can have written by now as a primary; null: this silo never saw it lead.</summary>
    public WalReach? Reach(ClusterId cluster, string member) => Member(cluster, member)?.Pace.ReachAt(time.GetElapsedTime(_epoch));

    /// <summary>Notes an answer. An agent's silence keeps what it last said, with its age.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="member">The member.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="readSince">The earliest moment at which what it says can have been so, as a timestamp of this silo's clock.</param>
    public void Note(ClusterId cluster, string member, AgentAnswer<MemberStatus> answer, long readSince)
    {
        var now = time.GetTimestamp();
        _members.AddOrUpdate((cluster, member), _ => After(null), (_, before) => After(before));

        MemberSighting After(MemberSighting? before) => answer.Value is { } status
            ? new MemberSighting(status, now, null, status.Role == MemberRole.Primary
                ? (before?.Pace ?? WalPace.None).After(status.Timeline, status.Lsn, time.GetElapsedTime(_epoch, readSince), time.GetElapsedTime(_epoch, now))
                : before?.Pace ?? WalPace.None)
            : new MemberSighting(before?.Status, before?.At, answer.Problem, before?.Pace ?? WalPace.None);
    }
}

/// <summary>A member as last seen.</summary>
/// <param name="Status">What its agent last said; null: nothing yet.</param>
/// <param name="At">When, as a timestamp of this silo's clock.</param>
/// <param name="Problem">Why the last question went unanswered; null: it was answered.</param>
/// <param name="Pace">How fast it wrote when it was primary.</param>
internal sealed record MemberSighting(MemberStatus? Status, long? At, string? Problem, WalPace Pace);

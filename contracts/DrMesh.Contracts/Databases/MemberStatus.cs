using System.Collections.Immutable;

namespace DrMesh.Contracts.Databases;

/// <summary>How a database server stands, observed by the agent beside it.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.member-status")]
public sealed record MemberStatus
{
    /// <summary>What it is.</summary>
    [Id(0)]
    public required MemberRole Role { get; init; }

    /// <summary>The highest epoch its agent has stored.</summary>
    [Id(1)]
    public required long Epoch { get; init; }

    /// <summary>Whether its agent keeps it from serving as primary.</summary>
    [Id(2)]
    public required bool IsFenced { get; init; }

    /// <summary>The cluster's own identifier (<c>pg_control_system()</c>); 0 when it was not read.</summary>
    [Id(3)]
    public ulong SystemId { get; init; }

    /// <summary>The timeline of its WAL.</summary>
    [Id(4)]
    public TimelineId Timeline { get; init; }

    /// <summary>Primary: written. Standby: received and on disk, or replayed where that is further.</summary>
    [Id(5)]
    public Lsn Lsn { get; init; }

    /// <summary>Standby: replayed.</summary>
    [Id(6)]
    public Lsn Replayed { get; init; }

    /// <summary>Standby: whom it streams from, <c>host:port</c>; null: nobody.</summary>
    [Id(7)]
    public string? Upstream { get; init; }

    /// <summary>Primary: <c>synchronous_standby_names</c>.</summary>
    [Id(8)]
    public string SynchronousStandbyNames { get; init; } = "";

    /// <summary>Primary: who streams from it, by application name.</summary>
    [Id(9)]
    public ImmutableArray<FollowerStatus> Followers { get; init; } = [];

    /// <summary>Its physical replication slots.</summary>
    [Id(10)]
    public ImmutableArray<string> Slots { get; init; } = [];

    /// <summary>Stopped: it was shut down in an orderly way, by somebody who meant it. A crash leaves it false.</summary>
    [Id(11)]
    public bool IsShutDown { get; init; }

    /// <summary><c>wal_level</c>; null when it was not read.</summary>
    [Id(12)]
    public string? WalLevel { get; init; }

    /// <summary>Whether <c>pg_rewind</c> can serve: data checksums or <c>wal_log_hints</c>; null when it was not read.</summary>
    [Id(13)]
    public bool? CanRewind { get; init; }

    /// <summary>Why whatever starts and stops it might undo an order, one sentence with the next step; null: it would not, or nobody knows yet.</summary>
    [Id(14)]
    public string? HostProblem { get; init; }

    /// <summary>Stopped: its data go on from another server's WAL: it ran last as a standby, or is a copy that has not run yet. Started as anything else, it would write WAL of its own where the other's is.</summary>
    [Id(15)]
    public bool RanAsStandby { get; init; }
}

using System.Collections.Immutable;
using DrMesh.Contracts.Databases;

namespace DrMesh.Core.Recovery;

/// <summary>How a database server stands, observed by the agent beside it.</summary>
public sealed record MemberStatus
{
    /// <summary>What it is.</summary>
    public required MemberRole Role { get; init; }

    /// <summary>The highest epoch its agent has stored.</summary>
    public required long Epoch { get; init; }

    /// <summary>Whether its agent keeps it from serving as primary.</summary>
    public required bool IsFenced { get; init; }

    /// <summary>The cluster's own identifier (<c>pg_control_system()</c>); 0 when it was not read.</summary>
    public ulong SystemId { get; init; }

    /// <summary>The timeline of its WAL.</summary>
    public TimelineId Timeline { get; init; }

    /// <summary>Primary: written. Standby: received and on disk, or replayed where that is further.</summary>
    public Lsn Lsn { get; init; }

    /// <summary>Standby: replayed.</summary>
    public Lsn Replayed { get; init; }

    /// <summary>Standby: whom it streams from, <c>host:port</c>; null: nobody.</summary>
    public string? Upstream { get; init; }

    /// <summary>Primary: <c>synchronous_standby_names</c>.</summary>
    public string SynchronousStandbyNames { get; init; } = "";

    /// <summary>Primary: who streams from it, by application name.</summary>
    public ImmutableArray<FollowerStatus> Followers { get; init; } = [];

    /// <summary>Its physical replication slots.</summary>
    public ImmutableArray<string> Slots { get; init; } = [];
}

using System.Collections.Immutable;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Regions;
using DrMesh.Contracts.Sessions;

namespace DrMesh.Contracts.Databases;

/// <summary>How a PostgreSQL cluster stands.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.cluster-status")]
public sealed record ClusterStatus
{
    /// <summary>The cluster.</summary>
    [Id(0)]
    public required ClusterId Cluster { get; init; }

    /// <summary>When this was put together.</summary>
    [Id(1)]
    public required DateTimeOffset At { get; init; }

    /// <summary>Its epoch; 0: the mesh has not taken it on yet.</summary>
    [Id(2)]
    public required long Epoch { get; init; }

    /// <summary>The member that is primary by the control store; null: the mesh has not taken the cluster on yet.</summary>
    [Id(3)]
    public string? Primary { get; init; }

    /// <summary>The region of that member.</summary>
    [Id(4)]
    public RegionId? PrimaryRegion { get; init; }

    /// <summary>The session that moves it; null: none.</summary>
    [Id(5)]
    public SessionId? Session { get; init; }

    /// <summary>When a commit is to be acknowledged.</summary>
    [Id(6)]
    public required DurabilityDefinition Durability { get; init; }

    /// <summary>Whom commits may wait for, as PostgreSQL writes it; two or more while a change is open.</summary>
    [Id(7)]
    public required ImmutableArray<string> Acknowledging { get; init; }

    /// <summary>Its members, in the estate's order.</summary>
    [Id(8)]
    public required ImmutableArray<MemberView> Members { get; init; }

    /// <summary>What a failover now would lose, as a time: zero where commits wait for other regions, else the lag of the best standby a moment ago; null: unknown, as while the primary is not seen.</summary>
    [Id(9)]
    public TimeSpan? RpoNow { get; init; }

    /// <summary>What a failover now would lose, in bytes of WAL; null: unknown.</summary>
    [Id(10)]
    public long? LossNowBytes { get; init; }

    /// <summary>What is found and contradicts the estate or endangers a failover, one sentence each with the next step; empty: nothing.</summary>
    [Id(11)]
    public required ImmutableArray<string> Findings { get; init; }
}

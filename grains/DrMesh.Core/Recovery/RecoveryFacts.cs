using System.Collections.Immutable;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Recovery;
using DrMesh.Contracts.Regions;

namespace DrMesh.Core.Recovery;

/// <summary>What a plan is made from.</summary>
public sealed record RecoveryFacts
{
    /// <summary>What is asked for.</summary>
    public required StartRecovery Request { get; init; }

    /// <summary>The application.</summary>
    public required ApplicationScope Application { get; init; }

    /// <summary>The record of each of its clusters that the mesh has taken on.</summary>
    public required ImmutableDictionary<ClusterId, ClusterRecord> Records { get; init; }

    /// <summary>What each member's agent says now, by cluster and member; those that do not answer are not in it.</summary>
    public required ImmutableDictionary<(ClusterId Cluster, string Member), MemberStatus> Members { get; init; }

    /// <summary>The last LSN seen on each primary, however long ago.</summary>
    public required ImmutableDictionary<ClusterId, Lsn> LastSeen { get; init; }

    /// <summary>The regions with a running silo.</summary>
    public required ImmutableArray<RegionId> OpenRegions { get; init; }

    /// <summary>The blackout that holds now; null: none.</summary>
    public BlackoutWindow? Blackout { get; init; }

    /// <summary>Now.</summary>
    public required DateTimeOffset Now { get; init; }
}

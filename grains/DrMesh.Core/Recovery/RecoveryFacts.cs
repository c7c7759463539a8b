using System.Collections.Immutable;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Recovery;
using DrMesh.Contracts.Regions;
using DrMesh.Contracts.Restores;
using DrMesh.Core.Recovery.ReplicaSets;

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

    /// <summary>Each of its replica sets as it answers now; a failover that begins by itself waits for none and has none seen.</summary>
    public ImmutableDictionary<ClusterId, ReplicaSetFacts> Sets { get; init; } = ImmutableDictionary<ClusterId, ReplicaSetFacts>.Empty;

    /// <summary>What each member's agent says now, by cluster and member; those that do not answer are not in it.</summary>
    public required ImmutableDictionary<(ClusterId Cluster, string Member), MemberStatus> Members { get; init; }

    /// <summary>How far each primary can have written by now, from where it was seen last, however long ago; those that were never seen are not in it.</summary>
    public required ImmutableDictionary<ClusterId, WalReach> Reaches { get; init; }

    /// <summary>The nodes whose servers end with their agents.</summary>
    public ImmutableHashSet<NodeId> GuardedNodes { get; init; } = [];

    /// <summary>Where a site must come up from the repository: the plan to restore the newest each cluster's repository has.</summary>
    public ImmutableDictionary<ClusterId, PitrPlan> Sites { get; init; } = ImmutableDictionary<ClusterId, PitrPlan>.Empty;

    /// <summary>The regions with a running silo.</summary>
    public required ImmutableArray<RegionId> OpenRegions { get; init; }

    /// <summary>The blackout that holds now; null: none.</summary>
    public BlackoutWindow? Blackout { get; init; }

    /// <summary>Now.</summary>
    public required DateTimeOffset Now { get; init; }
}

using System.Collections.Immutable;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Recovery;
using DrMesh.Contracts.Regions;
using DrMesh.Core.Recovery.ReplicaSets;

namespace DrMesh.Core.Recovery;

/// <summary>What a DR session does, as it was accepted.</summary>
public sealed record RecoveryPlan
{
    /// <summary>Which of the three.</summary>
    public required RecoveryKind Kind { get; init; }

    /// <summary>From what the other site comes up, and who decides.</summary>
    public required FailoverStrategy Strategy { get; init; }

    /// <summary>The application.</summary>
    public required string Application { get; init; }

    /// <summary>The region it leaves.</summary>
    public required RegionId From { get; init; }

    /// <summary>The region asked for; null: wherever the candidate is.</summary>
    public RegionId? To { get; init; }

    /// <summary>Its PostgreSQL clusters, in the estate's order.</summary>
    public required ImmutableArray<ClusterMove> Clusters { get; init; }

    /// <summary>Its replica sets, in the estate's order.</summary>
    public ImmutableArray<SetMove> Sets { get; init; } = [];

    /// <summary>Clusters and sets in the one order they move in, the estate's; see <see cref="MoveTurns"/>. A plan that was stored before schema 2 has none: its sets moved after its clusters.</summary>
    public ImmutableArray<ClusterId> Order
    {
        get => field.IsDefaultOrEmpty ? [.. Clusters.Select(move => move.Cluster), .. Sets.Select(move => move.Cluster)] : field;
        init;
    }

    /// <summary>Its services, in the estate's order.</summary>
    public ImmutableArray<string> Services { get; init; } = [];

    /// <summary>What must be approved before anything is touched; empty: nothing.</summary>
    public ImmutableArray<string> ApprovalReasons { get; init; } = [];

    /// <summary>How many people must approve.</summary>
    public int Approvers { get; init; } = 1;

    /// <summary>The most WAL, in bytes, that may be lost without a person.</summary>
    public required long LossLimitBytes { get; init; }

    /// <summary>The lease of primaries whose commits wait for nobody.</summary>
    public required TimeSpan Lease { get; init; }

    /// <summary>Why it was asked for.</summary>
    public string Reason { get; init; } = "";

    /// <summary>What is called around it.</summary>
    public SessionHooks Hooks { get; init; } = new();

    /// <summary>How long the new primary is watched at the end.</summary>
    public TimeSpan StableFor { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Whether the other site must be brought up from the repository first.</summary>
    public bool RestoresFirst => Kind == RecoveryKind.Failover && SiteStrategy.IsFromRepository(Strategy);

    /// <summary>The move of a replica set.</summary>
    public SetMove Set(string cluster) => Sets.Single(move => move.Cluster.Value == cluster);

    /// <summary>The move of a cluster.</summary>
    public ClusterMove this[string cluster] => Clusters.Single(move => move.Cluster.Value == cluster);
}

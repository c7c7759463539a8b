using System.Collections.Immutable;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Regions;

namespace DrMesh.Core.Recovery;

/// <summary>What a plan does with one cluster.</summary>
public sealed record ClusterMove
{
    /// <summary>The cluster.</summary>
    public required ClusterId Cluster { get; init; }

    /// <summary>Its primary when the plan was made.</summary>
    public required string OldPrimary { get; init; }

    /// <summary>Its other members.</summary>
    public required ImmutableArray<string> Standbys { get; init; }

    /// <summary>Who may become primary: members of the target region first, then the estate's order.</summary>
    public required ImmutableArray<string> Promotable { get; init; }

    /// <summary>The acknowledging set when the plan was made; two while a change of it was open. What counts is what the raise of the epoch found.</summary>
    public required ImmutableArray<AcknowledgingSet> OpenSets { get; init; }

    /// <summary>Where each member runs.</summary>
    public ImmutableSortedDictionary<string, NodeId> Nodes { get; init; } = ImmutableSortedDictionary<string, NodeId>.Empty;

    /// <summary>How the new primary acknowledges.</summary>
    public DurabilityDefinition Durability { get; init; } = new();

    /// <summary>Whether the old primary's server ends with its agent, so that an agent that is gone leaves nobody writing.</summary>
    public bool OldPrimaryIsGuarded { get; init; }

    /// <summary>From what its other site comes up; null: nothing has to be restored.</summary>
    public SiteSource? Site { get; init; }

    /// <summary>Whether commits wait for nobody, so that a promotion waits for the lease.</summary>
    public bool IsAsync => OpenSets.Any(set => set.Needed == 0);

    /// <summary>The region a member runs in; members without one are each in a region of their own.</summary>
    public string RegionOf(string member) => Nodes.TryGetValue(member, out var node) ? node.Region.Value : member;
}

using System.Collections.Immutable;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Regions;

namespace DrMesh.Contracts.Recovery;

/// <summary>What a failover, switchover or failback would do.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.recovery-preview")]
public sealed record RecoveryPreview
{
    /// <summary>The application.</summary>
    [Id(0)]
    public required string Application { get; init; }

    /// <summary>Which of the three.</summary>
    [Id(1)]
    public required RecoveryKind Kind { get; init; }

    /// <summary>The strategy that holds.</summary>
    [Id(2)]
    public required FailoverStrategy Strategy { get; init; }

    /// <summary>The region it leaves; null: unknown.</summary>
    [Id(3)]
    public RegionId? From { get; init; }

    /// <summary>What happens to each cluster, in the estate's order.</summary>
    [Id(4)]
    public ImmutableArray<ClusterPreview> Clusters { get; init; } = [];

    /// <summary>The services whose names move, in the estate's order.</summary>
    [Id(5)]
    public ImmutableArray<string> Services { get; init; } = [];

    /// <summary>The phases and their steps, in their order, one line each.</summary>
    [Id(6)]
    public ImmutableArray<string> Steps { get; init; } = [];

    /// <summary>How long writes stop, at most, when every step goes well: time limits that must run out, measured earlier sessions, DNS answers that live on.</summary>
    [Id(7)]
    public TimeSpan? ExpectedGap { get; init; }

    /// <summary>What a person must agree to first; empty: nothing.</summary>
    [Id(8)]
    public ImmutableArray<string> Approvals { get; init; } = [];

    /// <summary>What to know before; nothing of it stops the session.</summary>
    [Id(9)]
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>Why it would not begin, with the next step; empty: it would.</summary>
    [Id(10)]
    public ImmutableArray<string> Blocks { get; init; } = [];

    /// <summary>What happens to each replica set, in the estate's order.</summary>
    [Id(11)]
    public ImmutableArray<SetPreview> Sets { get; init; } = [];
}

using DrMesh.Contracts.Regions;
using DrMesh.Core.Recovery;

namespace DrMesh.Grains.Recovery.Detection;

/// <summary>What a silo says of a cluster's primary.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.observer-report")]
internal sealed record ObserverReport
{
    /// <summary>The member it looks at; null: it looks at none.</summary>
    [Id(0)]
    public string? Primary { get; init; }

    /// <summary>For how long its questions have failed; null: the last was answered.</summary>
    [Id(1)]
    public TimeSpan? FailingFor { get; init; }

    /// <summary>For how long they have been answered; null: the last failed.</summary>
    [Id(2)]
    public TimeSpan? AnsweringFor { get; init; }

    /// <summary>Why the last failed.</summary>
    [Id(3)]
    public string? Problem { get; init; }

    /// <summary>The word of the agent beside the primary, where that is this silo; else silent.</summary>
    [Id(4)]
    public AgentWord Word { get; init; }

    /// <summary>As a region's view.</summary>
    public RegionView ToView(RegionId region) => new(region, FailingFor, AnsweringFor);
}

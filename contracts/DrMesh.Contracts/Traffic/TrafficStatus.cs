using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Regions;

namespace DrMesh.Contracts.Traffic;

/// <summary>Where a service's traffic goes, as recorded, and what was last seen.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.traffic-status")]
public sealed record TrafficStatus
{
    /// <summary>The service as the estate declares it.</summary>
    [Id(0)]
    public required ServiceDefinition Service { get; init; }

    /// <summary>The region its names answer with; null: none was ever chosen.</summary>
    [Id(1)]
    public RegionId? Active { get; init; }

    /// <summary>The highest epoch seen.</summary>
    [Id(2)]
    public long Epoch { get; init; }

    /// <summary>Raised by one with each accepted switch.</summary>
    [Id(3)]
    public long Generation { get; init; }

    /// <summary>The last switch, running or ended; null: none yet.</summary>
    [Id(4)]
    public TrafficOperation? Last { get; init; }

    /// <summary>How the record sets differ from what they should be, one sentence each; empty: they do not, as of <see cref="ReconciledAt"/>.</summary>
    [Id(5)]
    public IReadOnlyList<string> Drift { get; init; } = [];

    /// <summary>When the provider was last compared with the wanted state; null: not yet.</summary>
    [Id(6)]
    public DateTimeOffset? ReconciledAt { get; init; }
}

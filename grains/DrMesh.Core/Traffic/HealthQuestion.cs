using DrMesh.Contracts.Regions;

namespace DrMesh.Core.Traffic;

/// <summary>What a silo knows when it is asked for <c>/traffic/{service}</c>.</summary>
public sealed record HealthQuestion
{
    /// <summary>The region of the silo that is asked.</summary>
    public required RegionId Here { get; init; }

    /// <summary>Whether the service's state was ever read by this silo.</summary>
    public required bool IsKnown { get; init; }

    /// <summary>The region traffic goes to, as last read; null: none.</summary>
    public RegionId? Active { get; init; }

    /// <summary>How long ago that was read.</summary>
    public TimeSpan Age { get; init; }

    /// <summary>Whether the service's databases here accept writes under the current epoch; null: not known, or the service has none.</summary>
    public bool? AcceptsWrites { get; init; }
}

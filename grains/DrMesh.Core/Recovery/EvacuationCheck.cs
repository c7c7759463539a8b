using DrMesh.Contracts.Regions;

namespace DrMesh.Core.Recovery;

/// <summary>At least one region always serves.</summary>
public static class EvacuationCheck
{
    /// <summary>Why a region may not be evacuated; null: it may.</summary>
    /// <param name="region">The region to leave.</param>
    /// <param name="open">The regions that serve and are not evacuated.</param>
    /// <param name="target">Where its primaries go; null: wherever the best standby is.</param>
    public static string? Refusal(RegionId region, IReadOnlyCollection<RegionId> open, RegionId? target)
    {
        ArgumentNullException.ThrowIfNull(open);
        if (!open.Any(other => other != region))
        {
            return $"no other region serves; at least one must, so {region} cannot be evacuated";
        }

        if (target is not { } to)
        {
            return null;
        }

        return to == region ? $"{region} cannot be evacuated to itself"
            : open.Contains(to) ? null
            : $"{to} does not serve: it is evacuated or has no running silo";
    }
}

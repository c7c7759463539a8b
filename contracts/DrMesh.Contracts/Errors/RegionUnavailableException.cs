using DrMesh.Contracts.Regions;

namespace DrMesh.Contracts.Errors;

/// <summary>No living silo carries the label of the region a call was for: a fact about the region, not a bug.</summary>
[GenerateSerializer, Alias("drmesh.region-unavailable-exception")]
public sealed class RegionUnavailableException : DrMeshException
{
    /// <summary>Creates the exception for <paramref name="region"/>.</summary>
    public RegionUnavailableException(RegionId region, Exception? inner = null)
        : base(
            DrMeshError.RegionUnavailable,
            $"region {region} has no running silo",
            "start a silo there (drmesh silo run); drmesh status shows the others",
            inner) => Region = region;

    /// <summary>The region without a silo.</summary>
    [Id(0)]
    public RegionId Region { get; private set; }
}

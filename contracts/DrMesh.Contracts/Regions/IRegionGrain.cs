using DrMesh.Contracts.Access;
using DrMesh.Contracts.Errors;

namespace DrMesh.Contracts.Regions;

/// <summary>
/// A region as its own silos see it; keyed by the region's name and placed on one of them. It needs no control store.
/// </summary>
/// <remarks>Every call fails with <see cref="RegionUnavailableException"/> when the region has no running silo.</remarks>
[Alias("drmesh.region-grain")]
public interface IRegionGrain : IGrainWithStringKey
{
    /// <summary>The region's silos, what they say of the control store, and which other regions answer from here.</summary>
    [Alias("GetHealth"), LeastRole(AccessRole.Viewer), ResponseTimeout("00:00:05")]
    Task<RegionHealth> GetHealth(CancellationToken cancellationToken);
}

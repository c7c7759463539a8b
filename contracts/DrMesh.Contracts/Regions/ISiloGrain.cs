using DrMesh.Contracts.Access;
using DrMesh.Contracts.Errors;

namespace DrMesh.Contracts.Regions;

/// <summary>One silo's word on itself; keyed <c>region/node</c> and placed on that silo. It needs no control store.</summary>
/// <remarks>Every call fails with <see cref="NodeUnavailableException"/> or <see cref="RegionUnavailableException"/> when that silo does not run.</remarks>
[Alias("drmesh.silo-grain")]
public interface ISiloGrain : IGrainWithStringKey
{
    /// <summary>What the silo knows of itself and sees of the other regions.</summary>
    [Alias("GetReport"), LeastRole(AccessRole.Viewer), ResponseTimeout("00:00:05")]
    Task<SiloReport> GetReport(CancellationToken cancellationToken);
}

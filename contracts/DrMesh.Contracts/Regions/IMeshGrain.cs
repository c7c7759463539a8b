using DrMesh.Contracts.Access;

namespace DrMesh.Contracts.Regions;

/// <summary>The whole mesh at a glance, from any silo, with the key 0. It needs no control store and answers within two seconds even when a region has just died.</summary>
[Alias("drmesh.mesh-grain")]
public interface IMeshGrain : IGrainWithIntegerKey
{
    /// <summary>Every region that has, or lately had, a silo.</summary>
    [Alias("GetOverview"), LeastRole(AccessRole.Viewer), ResponseTimeout("00:00:05")]
    Task<MeshOverview> GetOverview(CancellationToken cancellationToken);
}

using DrMesh.Contracts.Access;
using DrMesh.Contracts.Databases;

namespace DrMesh.Grains.Recovery.Detection;

/// <summary>What a silo's observer says; keyed <c>region/node</c>; of the mesh only.</summary>
[Alias("drmesh.observer"), LeastRole(AccessRole.Admin)]
internal interface IObserverGrain : IGrainWithStringKey
{
    /// <summary>Its view of a cluster's primary.</summary>
    [Alias("Report"), ResponseTimeout("00:00:02")]
    Task<ObserverReport> Report(ClusterId cluster);
}

using DrMesh.Contracts.Access;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Restores;

namespace DrMesh.Grains.Recovery.Sites;

/// <summary>What a machine could bring up from its clusters' repositories; keyed <c>region/node</c>; of the mesh only. A local repository is read where it lies, so the machine itself is asked.</summary>
[Alias("drmesh.site"), LeastRole(AccessRole.Admin)]
internal interface ISiteGrain : IGrainWithStringKey
{
    /// <summary>The plan to restore the newest the repository of a cluster has.</summary>
    [Alias("Plan")]
    Task<PitrPlan> Plan(ClusterId cluster);
}

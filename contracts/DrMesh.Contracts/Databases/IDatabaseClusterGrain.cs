using DrMesh.Contracts.Access;
using DrMesh.Contracts.Audit;
using DrMesh.Contracts.Errors;

namespace DrMesh.Contracts.Databases;

/// <summary>A PostgreSQL cluster, keyed by its name: who leads, who follows, how far behind, under which epoch. A name the estate lacks is <see cref="DrMeshError.EstateUnknownName"/>.</summary>
[Alias("drmesh.database-cluster")]
public interface IDatabaseClusterGrain : IGrainWithStringKey
{
    /// <summary>How the cluster stands; never older than a few seconds, and each member says how old its part is.</summary>
    [Alias("GetStatus"), LeastRole(AccessRole.Viewer), ResponseTimeout("00:00:05")]
    Task<ClusterStatus> GetStatus(CancellationToken cancellationToken);

    /// <summary>Records another durability and applies it to the primary: the set of standbys changes carefully, with the old and the new one open meanwhile.</summary>
    /// <returns>The status afterwards.</returns>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.ClusterBusy"/>: a session moves the cluster. <see cref="DrMeshError.ClusterUnfit"/>: too few standbys stream.</exception>
    [Alias("SetDurability"), StateChanging("cluster.set-durability")]
    Task<ClusterStatus> SetDurability(SetDurability request, CancellationToken cancellationToken);
}

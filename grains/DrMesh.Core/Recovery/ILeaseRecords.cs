using DrMesh.Contracts.Databases;

namespace DrMesh.Core.Recovery;

/// <summary>The leases in the control store.</summary>
public interface ILeaseRecords
{
    /// <summary>The lease as it was renewed last; null: nobody has taken one.</summary>
    Task<ClusterLease?> FindAsync(ClusterId cluster, CancellationToken cancellationToken);

    /// <summary>
    /// Renews a lease if the cluster's record still is at a version; no change of the record comes in between. False: the record changed; nothing was stored. An error has an unknown outcome.
    /// </summary>
    Task<bool> TryRenewAsync(ClusterLease lease, long recordVersion, CancellationToken cancellationToken);
}

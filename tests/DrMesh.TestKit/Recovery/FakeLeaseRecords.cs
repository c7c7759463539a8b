using System.Collections.Concurrent;
using DrMesh.Contracts.Databases;
using DrMesh.Core.Recovery;

namespace DrMesh.TestKit.Recovery;

/// <summary>A fake of the leases beside <see cref="FakeClusterRecords"/>: a renewal is stored while the record is at its version, as the control store does it.</summary>
public sealed class FakeLeaseRecords(FakeClusterRecords records) : ILeaseRecords
{
    private readonly ConcurrentDictionary<ClusterId, ClusterLease> _leases = new();

    /// <summary>Whether the store answers.</summary>
    public bool IsReachable { get; set; } = true;

    /// <inheritdoc/>
    public Task<ClusterLease?> FindAsync(ClusterId cluster, CancellationToken cancellationToken) => Task.FromResult(_leases.GetValueOrDefault(cluster));

    /// <inheritdoc/>
    public Task<bool> TryRenewAsync(ClusterLease lease, long recordVersion, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lease);
        return IsReachable
            ? Task.FromResult(records.WhileAt(lease.Cluster, recordVersion, () => _leases[lease.Cluster] = lease))
            : throw new TimeoutException("the fake store does not answer");
    }
}

using System.Collections.Concurrent;
using DrMesh.Contracts.Databases;
using DrMesh.Core.Recovery;

namespace DrMesh.TestKit.Recovery;

/// <summary>A fake of the clusters' records, in memory, shared by all silos of a test's cluster: compare-and-set by version, as the control store does it.</summary>
public sealed class FakeClusterRecords : IClusterRecords
{
    private readonly ConcurrentDictionary<ClusterId, ClusterRecord> _records = new();

    /// <inheritdoc/>
    public Task<ClusterRecord?> FindAsync(ClusterId cluster, CancellationToken cancellationToken) => Task.FromResult(_records.GetValueOrDefault(cluster));

    /// <inheritdoc/>
    public Task<IReadOnlyList<ClusterRecord>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<ClusterRecord>>([.. _records.Values]);

    /// <inheritdoc/>
    public Task<bool> TryStoreAsync(ClusterRecord record, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        return Task.FromResult(record.Version == 1
            ? _records.TryAdd(record.Cluster, record)
            : _records.TryGetValue(record.Cluster, out var known) && known.Version == record.Version - 1 && _records.TryUpdate(record.Cluster, record, known));
    }
}

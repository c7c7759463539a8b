using System.Collections.Concurrent;
using DrMesh.Contracts.Databases;
using DrMesh.Core.Recovery;

namespace DrMesh.TestKit.Recovery;

/// <summary>A fake of the clusters' records, in memory, shared by all silos of a test's cluster: compare-and-set by version, as the control store does it.</summary>
public sealed class FakeClusterRecords : IClusterRecords
{
    private readonly ConcurrentDictionary<ClusterId, ClusterRecord> _records = new();
    private readonly Lock _changing = new();

    /// <inheritdoc/>
    public Task<ClusterRecord?> FindAsync(ClusterId cluster, CancellationToken cancellationToken) => Task.FromResult(Find(cluster));

    /// <inheritdoc/>
    public Task<IReadOnlyList<ClusterRecord>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<ClusterRecord>>([.. _records.Values]);

    /// <inheritdoc/>
    public Task<bool> TryStoreAsync(ClusterRecord record, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        lock (_changing)
        {
            return Task.FromResult(record.Version == 1
                ? _records.TryAdd(record.Cluster, record)
                : _records.TryGetValue(record.Cluster, out var known) && known.Version == record.Version - 1 && _records.TryUpdate(record.Cluster, record, known));
        }
    }

    /// <summary>A record as it is now; null: there is none.</summary>
    public ClusterRecord? Find(ClusterId cluster) => _records.GetValueOrDefault(cluster);

    /// <summary>Does something if a record is at a version; it does not change meanwhile.</summary>
    internal bool WhileAt(ClusterId cluster, long version, Action act)
    {
        lock (_changing)
        {
            var holds = _records.TryGetValue(cluster, out var known) && known.Version == version;
            if (holds)
            {
                act();
            }

            return holds;
        }
    }
}

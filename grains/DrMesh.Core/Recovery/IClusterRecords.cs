using DrMesh.Contracts.Databases;

namespace DrMesh.Core.Recovery;

/// <summary>The records of clusters in the control store. Any silo may read and change them; the store decides who was first.</summary>
public interface IClusterRecords
{
    /// <summary>The record as it is now; null: nobody has made one.</summary>
    Task<ClusterRecord?> FindAsync(ClusterId cluster, CancellationToken cancellationToken);

    /// <summary>All records as they are now.</summary>
    Task<IReadOnlyList<ClusterRecord>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Stores a record whose <see cref="ClusterRecord.Version"/> is one above the stored one's, or 1 where there is none. False: another change came first; nothing was stored.</summary>
    Task<bool> TryStoreAsync(ClusterRecord record, CancellationToken cancellationToken);
}

using DrMesh.Contracts.Access;
using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Regions;

namespace DrMesh.Grains.Backups.Archive;

/// <summary>Runs archives on one machine; keyed <c>region/node</c>; of the mesh only.</summary>
[Alias("drmesh.node-archive"), LeastRole(AccessRole.Admin)]
internal interface INodeArchiveGrain : IGrainWithStringKey
{
    /// <summary>Makes sure that the cluster's archive streams from that member; tells where it stands.</summary>
    [Alias("Ensure")]
    Task<ArchiveStatus> Ensure(ClusterId cluster, NodeId primary);

    /// <summary>Makes sure that the oplog of a replica set is archived; tells where it stands.</summary>
    /// <param name="cluster">The set.</param>
    /// <param name="committed">The last operation a majority of it has, as it was just seen.</param>
    [Alias("EnsureOplog")]
    Task<ArchiveStatus> EnsureOplog(ClusterId cluster, string committed);

    /// <summary>Where it stands; null: it does not run here.</summary>
    [Alias("Status")]
    Task<ArchiveStatus?> Status(ClusterId cluster);

    /// <summary>Ends it here; returns when its connection is closed. "Not here" is success.</summary>
    [Alias("Stop")]
    Task Stop(ClusterId cluster);
}

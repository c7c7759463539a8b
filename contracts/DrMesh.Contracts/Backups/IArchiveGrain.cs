using DrMesh.Contracts.Access;

namespace DrMesh.Contracts.Backups;

/// <summary>The continuous archive of one cluster; keyed by the cluster's name. It runs by itself wherever the cluster's policy asks for it.</summary>
[Alias("drmesh.archive")]
public interface IArchiveGrain : IGrainWithStringKey
{
    /// <summary>Where it stands now.</summary>
    [Alias("Status"), LeastRole(AccessRole.Viewer)]
    Task<ArchiveStatus> Status(CancellationToken cancellationToken = default);

    /// <summary>Makes sure that it runs, and on the present primary. Called by every silo every few seconds; harmless at any time.</summary>
    [Alias("Ensure"), LeastRole(AccessRole.Admin)]
    Task Ensure(CancellationToken cancellationToken = default);
}

using DrMesh.Contracts.Access;
using DrMesh.Contracts.Audit;

namespace DrMesh.Contracts.Backups;

/// <summary>The catalogue of all backups of the mesh, as a whole; there is one, of key 0. What is in it is asked of <see cref="IBackupCatalogueGrain"/> and its like.</summary>
[Alias("drmesh.catalogue")]
public interface ICatalogueGrain : IGrainWithIntegerKey
{
    /// <summary>Begins to write the catalogue anew from the repositories of the estate; ask <see cref="Rebuilding"/> for the result. While one runs it is told of, and none is begun.</summary>
    [Alias("Rebuild"), LeastRole(AccessRole.Operator), StateChanging("catalogue.rebuild")]
    Task<CatalogueRebuild> Rebuild(CancellationToken cancellationToken = default);

    /// <summary>How the last rebuild stands; null: none was begun since this silo took the catalogue over.</summary>
    [Alias("Rebuilding"), LeastRole(AccessRole.Viewer)]
    Task<CatalogueRebuild?> Rebuilding(CancellationToken cancellationToken = default);
}

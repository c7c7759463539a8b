using DrMesh.Contracts.Errors;

namespace DrMesh.Core.Backups;

/// <summary>Opens repositories. The engine behind it is <c>DrMesh.Engines.Repository</c>.</summary>
public interface IRepositoryFactory
{
    /// <summary>Opens a repository.</summary>
    /// <exception cref="DrMeshException">
    /// <see cref="DrMeshError.RepositoryUnknown"/>: there is none; <see cref="DrMeshError.RepositoryKeyWrong"/>: the key is another;
    /// <see cref="DrMeshError.RepositoryUnreachable"/>: no tier answers. A tier that does not answer while another does is tried again at each use.
    /// </exception>
    Task<IBackupRepository> OpenAsync(RepositoryDescription description, CancellationToken cancellationToken = default);
}

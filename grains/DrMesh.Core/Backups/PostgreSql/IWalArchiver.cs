using DrMesh.Contracts.Errors;

namespace DrMesh.Core.Backups.PostgreSql;

/// <summary>Archives one cluster's WAL continuously into every tier of a repository.</summary>
public interface IWalArchiver
{
    /// <summary>Where the archive stands now.</summary>
    WalArchiveStatus Status { get; }

    /// <summary>
    /// Archives until cancelled; connection losses, promotions and tiers that are away are waited out and shown in <see cref="Status"/>. Started again after any crash it goes on where the archive
    /// ends. Only one may run for a cluster: the slot admits one.
    /// </summary>
    /// <exception cref="DrMeshException">
    /// <see cref="DrMeshError.RepositoryLogConflict"/>: another server archives under the same name; <see cref="DrMeshError.PostgresUnfit"/>: the server is another cluster's.
    /// </exception>
    Task RunAsync(CancellationToken cancellationToken);
}

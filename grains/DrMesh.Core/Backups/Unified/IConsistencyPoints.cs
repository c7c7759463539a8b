using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups.MongoDb;
using DrMesh.Core.Databases.PostgreSql;

namespace DrMesh.Core.Backups.Unified;

/// <summary>Where a consistency point lies in a PostgreSQL cluster.</summary>
/// <param name="RestorePoint">The name given to <c>pg_create_restore_point</c>: what a recovery stops at.</param>
/// <param name="Position">The position after the restore point's record.</param>
/// <param name="Timeline">The timeline it is on.</param>
/// <param name="Transaction">The transaction that wrote the marker's row, with its epoch: the last one known to be before the point.</param>
public sealed record PostgresPoint(string RestorePoint, Lsn Position, TimelineId Timeline, ulong Transaction);

/// <summary>Takes consistency points in PostgreSQL. Every method is of the primary.</summary>
public interface IPostgresPoints
{
    /// <summary>Makes sure that the table of markers (<c>drmesh.consistency_point</c>) exists. "Already so" is success.</summary>
    Task PrepareAsync(PostgresServer primary, CancellationToken cancellationToken = default);

    /// <summary>
    /// Holds every write of the cluster until the returned hold is disposed: locks on all tables of all databases, and on the catalogue so that no table is made. Transactions that wrote already end first.
    /// The locks are those of connections: whatever becomes of the caller, they end with it.
    /// </summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.FenceNotHeld"/>: transactions with writes stayed open for the whole of <paramref name="limit"/>.</exception>
    Task<IAsyncDisposable> HoldAsync(PostgresServer primary, TimeSpan limit, CancellationToken cancellationToken = default);

    /// <summary>Writes the marker's row and the restore point, and makes sure that both are on disk and acknowledged as any commit is.</summary>
    /// <param name="primary">The primary.</param>
    /// <param name="point">The point's id: up to 63 characters.</param>
    /// <param name="cancellationToken">Ends waiting.</param>
    Task<PostgresPoint> MarkAsync(PostgresServer primary, string point, CancellationToken cancellationToken = default);

    /// <summary>Whether a server, restored or not, holds the marker.</summary>
    Task<bool> HasAsync(PostgresServer server, string point, CancellationToken cancellationToken = default);
}

/// <summary>Where a consistency point lies in a replica set.</summary>
/// <param name="Position">The marker document's own operation, which a majority has.</param>
/// <param name="ClusterTime">The cluster time the primary answered with, <c>seconds:increment</c>.</param>
public sealed record MongoPoint(OpTime Position, string ClusterTime);

/// <summary>Takes consistency points in MongoDB.</summary>
public interface IMongoPoints
{
    /// <summary>Writes the marker's document (<c>drmesh.consistency_point</c>), acknowledged by a majority.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.MongoUnreachable"/>, <see cref="DrMeshError.MongoRefused"/>.</exception>
    Task<MongoPoint> MarkAsync(MongoAddress address, string point, CancellationToken cancellationToken = default);

    /// <summary>Whether a set, restored or not, holds the marker.</summary>
    Task<bool> HasAsync(MongoAddress address, string point, CancellationToken cancellationToken = default);
}

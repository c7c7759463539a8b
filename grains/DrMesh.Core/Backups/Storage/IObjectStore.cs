using DrMesh.Contracts.Errors;

namespace DrMesh.Core.Backups.Storage;

/// <summary>
/// Named immutable objects: a local directory, or an S3 bucket. Keys are <c>/</c>-separated, of <c>a–z A–Z 0–9 . _ -</c>, each part beginning with a letter or digit.
/// <list type="bullet">
/// <item>An object appears whole or not at all, and survives a power loss once the call that made it has returned.</item>
/// <item>After a call has returned, every reader and lister sees its effect.</item>
/// <item>Retries of transient failures are the store's own; what is thrown is final: <see cref="DrMeshError.RepositoryUnreachable"/>, <see cref="DrMeshError.RepositoryStoreFull"/>,
/// <see cref="DrMeshError.RepositoryStoreFailed"/> (refused, permissions), each naming the object.</item>
/// <item>Safe for any number of callers at once. A token ends waiting; the effect of a cancelled call is unknown.</item>
/// </list>
/// The conformance kit is <c>ObjectStoreConformance</c>.
/// </summary>
public interface IObjectStore : IAsyncDisposable
{
    /// <summary>The store's address for messages, without secrets.</summary>
    string Address { get; }

    /// <summary>The object's size and time, or null when it is not there.</summary>
    Task<ObjectInfo?> StatAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>Reads from <paramref name="offset"/> until the buffer is full or the object ends; returns the bytes read.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.RepositoryObjectMissing"/>.</exception>
    Task<int> ReadAsync(string key, long offset, Memory<byte> buffer, CancellationToken cancellationToken = default);

    /// <summary>Writes a small object in one go.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="content">Its content, up to 64 MiB.</param>
    /// <param name="ifAbsent">True: only if no object of that key is there; exactly one of several callers at once succeeds. False: replaces.</param>
    /// <param name="cancellationToken">Ends waiting.</param>
    /// <returns>False: an object was there, and nothing was written.</returns>
    Task<bool> PutAsync(string key, ReadOnlyMemory<byte> content, bool ifAbsent, CancellationToken cancellationToken = default);

    /// <summary>Begins an object that is written part by part; it appears with <see cref="IObjectUpload.CompleteAsync"/>.</summary>
    Task<IObjectUpload> BeginUploadAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>Objects whose key begins with <paramref name="prefix"/>, ordinal order, after <paramref name="after"/> when given.</summary>
    IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, string? after = null, CancellationToken cancellationToken = default);

    /// <summary>Removes an object for good; "not there" is success.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.RepositoryObjectLocked"/>: an object lock holds it.</exception>
    Task DeleteAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>Makes the store refuse to delete the object before <paramref name="until"/>; never shortens. A store without object locks does nothing.</summary>
    Task LockAsync(string key, DateTimeOffset until, CancellationToken cancellationToken = default);

    /// <summary>Removes what uploads that were begun before <paramref name="before"/> and never completed left behind; returns how many.</summary>
    Task<int> RemoveStaleUploadsAsync(DateTimeOffset before, CancellationToken cancellationToken = default);
}

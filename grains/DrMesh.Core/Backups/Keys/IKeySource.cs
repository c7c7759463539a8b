using DrMesh.Contracts.Errors;

namespace DrMesh.Core.Backups.Keys;

/// <summary>A key-encryption key: wraps and unwraps the small keys that encrypt a repository's content. It never shows its own bytes. Safe for several callers at once.</summary>
public interface IKeySource
{
    /// <summary>The key's name in the repository: 1 to 64 characters of <c>a–z 0–9 -</c>; another key has another name. Not a secret.</summary>
    string KeyId { get; }

    /// <summary>Wraps a key.</summary>
    /// <param name="key">The plain key, 32 bytes.</param>
    /// <param name="context">What the key is for; unwrapping with another context fails.</param>
    /// <param name="cancellationToken">Ends waiting.</param>
    Task<byte[]> WrapAsync(ReadOnlyMemory<byte> key, string context, CancellationToken cancellationToken = default);

    /// <summary>Unwraps a key.</summary>
    /// <exception cref="DrMeshException">
    /// <see cref="DrMeshError.RepositoryKeyWrong"/>: wrapped by another key, for another context, or damaged; <see cref="DrMeshError.KeyServiceFailed"/>: the service does not answer or refuses.
    /// </exception>
    Task<byte[]> UnwrapAsync(ReadOnlyMemory<byte> wrapped, string context, CancellationToken cancellationToken = default);
}

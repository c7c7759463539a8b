using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups.Storage;

namespace DrMesh.Engines.Repository.Stores;

/// <summary>Reading whole small objects.</summary>
internal static class ObjectStoreReading
{
    /// <summary>The whole object, or null when it is not there.</summary>
    public static async Task<byte[]?> TryReadAllAsync(this IObjectStore store, string key, CancellationToken cancellationToken)
    {
        try
        {
            return await store.StatAsync(key, cancellationToken) is { } info ? await store.ReadAllAsync(key, info.Length, cancellationToken) : null;
        }
        catch (DrMeshException missing) when (missing.Code == DrMeshError.RepositoryObjectMissing)
        {
            return null;
        }
    }

    /// <summary>Reads <paramref name="length"/> bytes from the object's start; fewer are damage.</summary>
    public static async Task<byte[]> ReadAllAsync(this IObjectStore store, string key, long length, CancellationToken cancellationToken)
    {
        if (length > Array.MaxLength)
        {
            throw RepositoryErrors.Damaged($"{store.Address}/{key}", $"it has {length} bytes, more than an object of its kind");
        }

        var content = GC.AllocateUninitializedArray<byte>((int)length);
        await store.ReadExactlyAsync(key, 0, content, cancellationToken);
        return content;
    }

    public static async Task ReadExactlyAsync(
        this IObjectStore store, string key, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var read = await store.ReadAsync(key, offset, buffer, cancellationToken);
        if (read < buffer.Length)
        {
            throw RepositoryErrors.Damaged($"{store.Address}/{key}", $"it ends after {offset + read} bytes");
        }
    }
}

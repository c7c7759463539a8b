using System.Security.Cryptography;
using System.Text.Json;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups.Keys;
using DrMesh.Core.Backups.Storage;
using DrMesh.Engines.Repository.Crypto;
using DrMesh.Engines.Repository.Format;
using DrMesh.Engines.Repository.Manifests;
using DrMesh.Engines.Repository.Stores;

namespace DrMesh.Engines.Repository.Tiers;

/// <summary>One store of a repository with the key that opens it.</summary>
internal sealed class Tier(string name, IObjectStore store, IKeySource keys, TimeSpan? lockFor)
{
    public string Name { get; } = name;

    public IObjectStore Store { get; } = store;

    public IKeySource Keys { get; } = keys;

    public TimeSpan? LockFor { get; } = lockFor;

    /// <summary>Reads the repository's head and unwraps its secret.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.RepositoryUnknown"/>: the store is there and holds no repository.</exception>
    public async Task<(RepositoryHead Head, RepositorySecret Secret)> OpenAsync(CancellationToken cancellationToken)
    {
        var head = await ReadHeadAsync(cancellationToken)
            ?? throw new DrMeshException(
                DrMeshError.RepositoryUnknown, $"{Store.Address} holds no repository", "check the address; drmesh repo create makes one");
        return (head, new RepositorySecret(await ReadKeyAsync(head.Id, ObjectNames.RootKey(head.Id), cancellationToken)));
    }

    /// <summary>Makes the repository, or finishes one whose making was interrupted.</summary>
    public async Task CreateAsync(RepositoryHead head, RepositorySecret secret, CancellationToken cancellationToken)
    {
        // The key comes first: a repository that shows its head can be opened.
        await WriteKeyAsync(head.Id, ObjectNames.RootKey(head.Id), secret.Bytes, cancellationToken);
        var body = JsonSerializer.SerializeToUtf8Bytes(head, FormatJson.Default.RepositoryHead);
        await Store.PutAsync(ObjectNames.Repository, ObjectFrame.Wrap(ObjectKind.Repository, body), ifAbsent: true, cancellationToken);
    }

    public async Task<RepositoryHead?> ReadHeadAsync(CancellationToken cancellationToken)
    {
        if (await Store.TryReadAllAsync(ObjectNames.Repository, cancellationToken) is not { } whole)
        {
            return null;
        }

        var name = NameOf(ObjectNames.Repository);
        try
        {
            var head = JsonSerializer.Deserialize(ObjectFrame.Unwrap(ObjectKind.Repository, whole, name).Span, FormatJson.Default.RepositoryHead);
            return head ?? throw RepositoryErrors.Damaged(name, "it is empty");
        }
        catch (JsonException unreadable)
        {
            throw RepositoryErrors.Damaged(name, "it cannot be read", unreadable);
        }
    }

    public async Task WriteKeyAsync(string repository, string name, ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        var wrapped = await Keys.WrapAsync(key, ContextOf(repository, name), cancellationToken);
        await Store.PutAsync(ObjectNames.Key(name, Keys.KeyId), ObjectFrame.Wrap(ObjectKind.Key, wrapped), ifAbsent: true, cancellationToken);
    }

    public async Task<byte[]> ReadKeyAsync(string repository, string name, CancellationToken cancellationToken)
    {
        var key = ObjectNames.Key(name, Keys.KeyId);
        if (await Store.TryReadAllAsync(key, cancellationToken) is not { } whole)
        {
            var others = new List<string>();
            await foreach (var other in Store.ListAsync($"{ObjectNames.Keys}{name}/", null, cancellationToken))
            {
                others.Add(other.Key[(other.Key.LastIndexOf('/') + 1)..]);
            }

            throw others.Count == 0
                ? RepositoryErrors.Missing(NameOf($"{ObjectNames.Keys}{name}/"))
                : RepositoryErrors.KeyWrong($"{NameOf($"{ObjectNames.Keys}{name}")} is wrapped by {string.Join(", ", others)}; the key given is {Keys.KeyId}");
        }

        return await Keys.UnwrapAsync(ObjectFrame.Unwrap(ObjectKind.Key, whole, NameOf(key)), ContextOf(repository, name), cancellationToken);
    }

    /// <summary>An object's full name for messages.</summary>
    public string NameOf(string key) => $"{Store.Address}/{key}";

    public static string ContextOf(string repository, string name) => $"drmesh/1/{repository}/{name}";

    public static string NewRepositoryId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
}

using System.Reflection;
using System.Text;
using System.Text.Json.Serialization;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Estate;

namespace DrMesh.Core.Backups;

/// <summary>From the estate's repositories to one the engine can open: each is a tier of the same name.</summary>
public static class RepositoryAddress
{
    /// <summary>The repositories as the tiers of one; the first is read from first.</summary>
    /// <exception cref="DrMeshException">There is none: <see cref="DrMeshError.EstateUnknownName"/>.</exception>
    public static RepositoryDescription Describe(IEnumerable<RepositoryDefinition> repositories, string cluster)
    {
        var tiers = repositories.Select(Tier).ToArray();
        return tiers.Length > 0
            ? new RepositoryDescription { Tiers = tiers, Create = true }
            : throw new DrMeshException(
                DrMeshError.EstateUnknownName, $"the policy of {cluster} names no repository", "add backup.repositories to the policy and apply the estate");
    }

    private static TierAddress Tier(RepositoryDefinition repository) => new()
    {
        Name = repository.Name,
        Url = repository switch
        {
            { Local: { } local } => new Uri(local.Directory).AbsoluteUri,
            { S3: { } s3 } => S3Url(s3),
            _ => throw new InvalidOperationException($"repository {repository.Name} is neither local nor s3"),
        },
        Key = repository.Encryption switch
        {
            { KeyFile: { } file } => new Uri(file).AbsoluteUri,
            { Kms: { } kms } => $"aws-kms:{kms.KeyId}?region={kms.Region}{(kms.Endpoint is { } endpoint ? $"&endpoint={Uri.EscapeDataString(endpoint)}" : "")}",
            _ => throw new DrMeshException(
                DrMeshError.RepositoryKeyWrong, $"repository {repository.Name} names no key", "add encryption.keyFile or encryption.kms to it"),
        },
        Credentials = repository.S3?.Credentials,
        KeyCredentials = repository.Encryption?.Kms?.Credentials,
        StorageClass = repository.S3 is { StorageClass: not S3StorageClass.Standard and var storage } ? StorageName(storage) : null,
        LockFor = repository.S3?.ObjectLock?.Duration,
    };

    private static string S3Url(S3Store s3)
    {
        var url = new StringBuilder("s3://").Append(s3.Bucket);
        if (s3.Prefix is { } prefix)
        {
            url.Append('/').Append(prefix.Trim('/'));
        }

        url.Append("?region=").Append(Uri.EscapeDataString(s3.Region));
        if (s3.Endpoint is { } endpoint)
        {
            url.Append("&endpoint=").Append(Uri.EscapeDataString(endpoint));
        }

        if (s3.ObjectLock is { } objectLock)
        {
            url.Append("&lock-mode=").Append(objectLock.Mode == ObjectLockMode.Governance ? "governance" : "compliance");
        }

        return url.Append("&path-style=").Append(s3.PathStyle ? "true" : "false").ToString();
    }

    private static string StorageName(S3StorageClass storage) =>
        typeof(S3StorageClass).GetField(storage.ToString())!.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()!.Name;
}

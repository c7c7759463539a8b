using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.Storage;

namespace DrMesh.Engines.Repository.Stores;

/// <summary>Opens the store a tier's address names.</summary>
internal static class StoreAddress
{
    public static IObjectStore Open(RepositoryTier tier) =>
        Uri.TryCreate(tier.Url, UriKind.Absolute, out var url) && url.Scheme == "file" && url.LocalPath.Length > 1
            ? new LocalStore(url.LocalPath)
            : throw new DrMeshException(
                DrMeshError.UsageInvalid,
                $"\"{tier.Url}\" is not the address of a repository",
                "use file:///path, or s3://bucket/prefix?region=…&endpoint=…");
}

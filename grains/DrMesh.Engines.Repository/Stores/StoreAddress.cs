using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.Storage;
using DrMesh.Engines.Repository.Stores.S3;

namespace DrMesh.Engines.Repository.Stores;

/// <summary>Opens the store a tier's address names.</summary>
internal static class StoreAddress
{
    public static IObjectStore Open(TierAddress tier, TimeProvider time)
    {
        var url = Uri.TryCreate(tier.Url, UriKind.Absolute, out var parsed) ? parsed : null;
        if (url is { Scheme: "file", LocalPath.Length: > 1 })
        {
            return new LocalStore(url.LocalPath);
        }

        if (url is { Scheme: "s3", Host.Length: > 0 })
        {
            var options = S3Options.Parse(tier.Url, tier.StorageClass, tier.LockFor);
            return new S3Store(options, options.CreateClient(AwsCredentials.Find(options.Address, options.Endpoint is not null, tier.Credentials)), time);
        }

        throw new DrMeshException(
            DrMeshError.UsageInvalid, $"\"{tier.Url}\" is not the address of a repository", "use file:///path, or s3://bucket/prefix?region=…&endpoint=…");
    }
}

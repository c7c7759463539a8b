using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups.Keys;

namespace DrMesh.Engines.Repository.Keys;

/// <summary>Opens the key source an address names.</summary>
internal static class KeyAddress
{
    public static IKeySource Open(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var url) && url.Scheme == "file"
            ? FileKeySource.Load(url.LocalPath)
            : throw new DrMeshException(
                DrMeshError.UsageInvalid, $"\"{address}\" is not the address of a key", "use file:///path of a key file, or aws-kms:KEY-ARN?region=…");
}

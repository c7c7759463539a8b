using Amazon;
using Amazon.KeyManagementService;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups.Keys;
using DrMesh.Engines.Repository.Stores;

namespace DrMesh.Engines.Repository.Keys;

/// <summary>Opens the key source an address names: <c>file:///path</c>, or <c>aws-kms:ARN?region=…&amp;endpoint=…</c>.</summary>
internal static class KeyAddress
{
    private const string KmsScheme = "aws-kms:";

    public static IKeySource Open(string address, Contracts.Estate.AwsCredentials? credentials = null)
    {
        if (address.StartsWith(KmsScheme, StringComparison.Ordinal))
        {
            return OpenKms(address, credentials);
        }

        return Uri.TryCreate(address, UriKind.Absolute, out var url) && url.Scheme == "file"
            ? FileKeySource.Load(url.LocalPath)
            : throw new DrMeshException(
                DrMeshError.UsageInvalid, $"\"{address}\" is not the address of a key", "use file:///path of a key file, or aws-kms:KEY-ARN?region=…");
    }

    private static KmsKeySource OpenKms(string address, Contracts.Estate.AwsCredentials? named)
    {
        var question = address.IndexOf('?', StringComparison.Ordinal);
        var arn = question < 0 ? address[KmsScheme.Length..] : address[KmsScheme.Length..question];
        var parameters = new AddressParameters(address, question < 0 ? "" : address[question..], "region", "endpoint");
        var fields = arn.Split(':');
        var region = parameters.Get("region") ?? (fields.Length == 6 && fields[0] == "arn" ? fields[3] : null)
            ?? throw new DrMeshException(DrMeshError.UsageInvalid, $"\"{address}\" names no region", "give the key's full ARN, or add ?region=…");
        var endpoint = parameters.Get("endpoint");
        var config = new AmazonKeyManagementServiceConfig { AuthenticationRegion = region, Timeout = TimeSpan.FromSeconds(30) };
        if (endpoint is null)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        }
        else
        {
            config.ServiceURL = endpoint;
        }

        var credentials = AwsCredentials.Find(address, endpoint is not null, named);
        var client = credentials is null ? new AmazonKeyManagementServiceClient(config) : new AmazonKeyManagementServiceClient(credentials, config);
        return new KmsKeySource(client, arn);
    }
}

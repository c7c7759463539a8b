using DrMesh.Contracts.Estate.Schema;

namespace DrMesh.Contracts.Estate;

/// <summary>An access key; its secret is in a file, never in the estate.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.estate-aws-credentials")]
public sealed record AwsCredentials
{
    /// <summary>The access key's id.</summary>
    [Id(0), EstateKey("the access key's id")]
    public required string AccessKeyId { get; init; }

    /// <summary>The file that holds the secret.</summary>
    [Id(1), EstateKey("the file that holds the secret access key", Format = ValueFormat.Path)]
    public required string SecretAccessKeyFile { get; init; }
}

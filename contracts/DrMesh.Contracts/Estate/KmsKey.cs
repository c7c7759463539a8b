using DrMesh.Contracts.Estate.Schema;

namespace DrMesh.Contracts.Estate;

/// <summary>A key of AWS KMS.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.estate-kms-key")]
public sealed record KmsKey
{
    /// <summary>Its id, ARN or alias.</summary>
    [Id(0), EstateKey("its id, ARN or alias")]
    public required string KeyId { get; init; }

    /// <summary>The AWS region it lives in.</summary>
    [Id(1), EstateKey("the AWS region it lives in")]
    public required string Region { get; init; }

    /// <summary>The service's address when it is not AWS.</summary>
    [Id(2), EstateKey("the service's address when it is not AWS itself", Format = ValueFormat.Url, Otherwise = "AWS, by region")]
    public string? Endpoint { get; init; }

    /// <summary>The access key, when the machine's own role or profile is not to be used.</summary>
    [Id(3), EstateKey("the access key", Otherwise = "the machine's own role, profile or environment")]
    public AwsCredentials? Credentials { get; init; }
}

using DrMesh.Contracts.Estate.Schema;

namespace DrMesh.Contracts.Estate;

/// <summary>Amazon Route 53; hosted zones are found by name.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.estate-route53")]
public sealed record Route53Provider
{
    /// <summary>The access key, when the machine's own role or profile is not to be used.</summary>
    [Id(0), EstateKey("the access key", Otherwise = "the machine's own role, profile or environment")]
    public AwsCredentials? Credentials { get; init; }

    /// <summary>The service's address when it is not AWS.</summary>
    [Id(1), EstateKey("the service's address when it is not AWS itself", Format = ValueFormat.Url, Otherwise = "AWS")]
    public string? Endpoint { get; init; }
}

using DrMesh.Contracts.Estate.Schema;

namespace DrMesh.Contracts.Estate;

/// <summary>An HTTP call.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.estate-webhook")]
public sealed record WebhookDefinition
{
    /// <summary>The address.</summary>
    [Id(0), EstateKey("the address", Format = ValueFormat.Url)]
    public required string Url { get; init; }

    /// <summary>The file with the secret that signs the body (HMAC-SHA256).</summary>
    [Id(1), EstateKey("the file with the secret that signs the body (HMAC-SHA256)", Format = ValueFormat.Path, Otherwise = "not signed")]
    public string? SecretFile { get; init; }
}

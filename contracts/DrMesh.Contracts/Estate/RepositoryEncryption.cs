using DrMesh.Contracts.Estate.Schema;

namespace DrMesh.Contracts.Estate;

/// <summary>The key that wraps the data key of each backup.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.estate-encryption"), EstateOneOf("keyFile", "kms")]
public sealed record RepositoryEncryption
{
    /// <summary>A key file, the same on every node that writes or reads the repository.</summary>
    [Id(0), EstateKey("a key file, the same on every node that writes or reads; keep a copy outside of all regions", Format = ValueFormat.Path)]
    public string? KeyFile { get; init; }

    /// <summary>A key of AWS KMS.</summary>
    [Id(1), EstateKey("a key of AWS KMS")]
    public KmsKey? Kms { get; init; }

    /// <summary>After what time a new key is asked for.</summary>
    [Id(2), EstateKey("after what time the key should be replaced", AtLeast = "1d")]
    public TimeSpan RotateEvery { get; init; } = TimeSpan.FromDays(90);
}

using DrMesh.Contracts.Estate.Schema;

namespace DrMesh.Contracts.Estate;

/// <summary>Where backups and archives are stored: one tier.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.estate-repository"), EstateOneOf("local", "s3")]
public sealed record RepositoryDefinition
{
    /// <summary>The repository's name.</summary>
    [Id(0), EstateName("the repository's name")]
    public required string Name { get; init; }

    /// <summary>What it is for.</summary>
    [Id(1), EstateKey("what it is for, which sets how long it keeps by default")]
    public required RepositoryTier Tier { get; init; }

    /// <summary>How long backups stay at most; by tier when absent, see <see cref="RepositoryTiers.KeepOf"/>.</summary>
    [Id(2), EstateKey("how long backups stay in this tier, as far as retention and recovery windows allow", AtLeast = "1h", Otherwise = "by tier: hot 7d, warm 30d, cold 365d, archive 7y")]
    public TimeSpan? Keep { get; init; }

    /// <summary>A directory of one node.</summary>
    [Id(3), EstateKey("a directory of one node")]
    public LocalStore? Local { get; init; }

    /// <summary>A bucket.</summary>
    [Id(4), EstateKey("a bucket of S3 or of a server that speaks its protocol")]
    public S3Store? S3 { get; init; }

    /// <summary>How its objects are encrypted; absent: not at all.</summary>
    [Id(5), EstateKey("how its objects are encrypted (AES-256-GCM, a data key for each backup)", Otherwise = "not encrypted, which a policy with encryption: required refuses")]
    public RepositoryEncryption? Encryption { get; init; }
}

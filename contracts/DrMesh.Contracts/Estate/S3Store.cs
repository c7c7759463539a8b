using DrMesh.Contracts.Estate.Schema;

namespace DrMesh.Contracts.Estate;

/// <summary>A repository in a bucket.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.estate-s3-store")]
public sealed record S3Store
{
    /// <summary>The bucket.</summary>
    [Id(0), EstateKey("the bucket")]
    public required string Bucket { get; init; }

    /// <summary>The provider's region, for example <c>eu-central-1</c>; it signs requests too.</summary>
    [Id(1), EstateKey("the storage provider's region, which requests are signed for")]
    public required string Region { get; init; }

    /// <summary>What every object's key begins with.</summary>
    [Id(2), EstateKey("what every object's key begins with", Otherwise = "the bucket's root")]
    public string? Prefix { get; init; }

    /// <summary>The server's address when it is not AWS.</summary>
    [Id(3), EstateKey("the server's address when it is not AWS itself", Format = ValueFormat.Url, Otherwise = "AWS, by region")]
    public string? Endpoint { get; init; }

    /// <summary>Whether the bucket is part of the path instead of the host name.</summary>
    [Id(4), EstateKey("whether the bucket is part of the path instead of the host name, as most servers beside AWS need")]
    public bool PathStyle { get; init; }

    /// <summary>The storage class of new objects.</summary>
    [Id(5), EstateKey("the storage class of new objects")]
    public S3StorageClass StorageClass { get; init; } = S3StorageClass.Standard;

    /// <summary>The access key, when the machine's own role or profile is not to be used.</summary>
    [Id(6), EstateKey("the access key", Otherwise = "the machine's own role, profile or environment")]
    public AwsCredentials? Credentials { get; init; }

    /// <summary>Makes objects immutable for a time.</summary>
    [Id(7), EstateKey("makes objects immutable for a time (S3 Object Lock; the bucket must have it enabled)", Otherwise = "objects can be removed at any time")]
    public ObjectLock? ObjectLock { get; init; }
}

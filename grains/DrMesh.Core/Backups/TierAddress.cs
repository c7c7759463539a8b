using DrMesh.Contracts.Estate;

namespace DrMesh.Core.Backups;

/// <summary>Where one tier of a repository is, and how to open it.</summary>
public sealed record TierAddress
{
    /// <summary>The tier's name: <c>hot</c>, <c>warm</c>, <c>cold</c>, <c>archive</c>, or another.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// <c>file:///path</c>, or <c>s3://bucket/prefix?region=…&amp;endpoint=…</c> (see <c>repository-format.md</c> for all parameters). It never
    /// holds a secret; see <see cref="Credentials"/>.
    /// </summary>
    public required string Url { get; init; }

    /// <summary>The store's access key; null: from the environment (<c>AWS_ACCESS_KEY_ID</c>, …) or AWS's usual files.</summary>
    public AwsCredentials? Credentials { get; init; }

    /// <summary>The access key of the key service; null: as for the store.</summary>
    public AwsCredentials? KeyCredentials { get; init; }

    /// <summary>Where the key-encryption key is: <c>file:///path</c> of a key file, or <c>aws-kms:KEY-ARN?region=…</c>.</summary>
    public required string Key { get; init; }

    /// <summary>S3 storage class of packs (<c>STANDARD</c>, <c>STANDARD_IA</c>, <c>GLACIER_IR</c>, …); null: the bucket's own.</summary>
    public string? StorageClass { get; init; }

    /// <summary>How long the store refuses to delete what is written (S3 Object Lock); null: no lock.</summary>
    public TimeSpan? LockFor { get; init; }
}

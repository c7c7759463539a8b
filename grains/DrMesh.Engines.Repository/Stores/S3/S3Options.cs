using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using DrMesh.Contracts.Errors;

namespace DrMesh.Engines.Repository.Stores.S3;

/// <summary>Where and how objects are kept in S3, from <c>s3://bucket/prefix?region=…&amp;endpoint=…&amp;checksums=…&amp;lock-mode=…&amp;path-style=…&amp;retries=…</c>.</summary>
internal sealed record S3Options
{
    public required string Bucket { get; init; }

    /// <summary>Before every key; empty, or ending with a slash.</summary>
    public string Prefix { get; init; } = "";

    public required string Region { get; init; }

    /// <summary>An S3 service other than AWS's, by URL.</summary>
    public string? Endpoint { get; init; }

    /// <summary>Whether the bucket is part of the path instead of the host name; so by default where the service is not AWS's.</summary>
    public bool PathStyle { get; init; }

    /// <summary>AWS checks the SDK's own checksums; other services often refuse them. The objects carry checksums of their own in any case.</summary>
    public bool SdkChecksums { get; init; }

    /// <summary>How often the SDK tries again, waiting longer each time.</summary>
    public int Retries { get; init; } = 6;

    public ObjectLockMode LockMode { get; init; } = ObjectLockMode.Compliance;

    /// <summary>How long what is kept is locked; null: no lock.</summary>
    public TimeSpan? LockFor { get; init; }

    /// <summary>Storage class of packs; null: the bucket's own.</summary>
    public string? StorageClass { get; init; }

    public string Address => $"s3://{Bucket}/{Prefix}".TrimEnd('/');

    public static S3Options Parse(string address, string? storageClass, TimeSpan? lockFor)
    {
        var url = new Uri(address);
        var parameters = new AddressParameters(address, url.Query, "region", "endpoint", "checksums", "lock-mode", "path-style", "retries");
        var endpoint = parameters.Get("endpoint");
        var prefix = url.AbsolutePath.Trim('/');
        return new S3Options
        {
            Bucket = url.Host,
            Prefix = prefix.Length == 0 ? "" : prefix + "/",
            Region = parameters.Get("region") ?? Environment.GetEnvironmentVariable("AWS_REGION")
                ?? (endpoint is null
                    ? throw new DrMeshException(DrMeshError.UsageInvalid, $"\"{address}\" names no region", "add ?region=…, or set AWS_REGION")
                    : "us-east-1"),
            Endpoint = endpoint,
            PathStyle = parameters.Get("path-style") switch { "true" => true, "false" => false, _ => endpoint is not null },
            SdkChecksums = parameters.Get("checksums") switch { "sdk" => true, "own" => false, _ => endpoint is null },
            Retries = int.TryParse(parameters.Get("retries"), out var retries) ? retries : 6,
            LockMode = parameters.Get("lock-mode") == "governance" ? ObjectLockMode.Governance : ObjectLockMode.Compliance,
            LockFor = lockFor,
            StorageClass = storageClass,
        };
    }

    public AmazonS3Client CreateClient(AWSCredentials? credentials)
    {
        var when = SdkChecksums ? RequestChecksumCalculation.WHEN_SUPPORTED : RequestChecksumCalculation.WHEN_REQUIRED;
        var config = new AmazonS3Config
        {
            AuthenticationRegion = Region,
            ForcePathStyle = PathStyle,
            MaxErrorRetry = Retries,
            RetryMode = RequestRetryMode.Standard,
            RequestChecksumCalculation = when,
            ResponseChecksumValidation = SdkChecksums ? ResponseChecksumValidation.WHEN_SUPPORTED : ResponseChecksumValidation.WHEN_REQUIRED,
            Timeout = TimeSpan.FromMinutes(5),
        };
        if (Endpoint is not null)
        {
            config.ServiceURL = Endpoint;
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(Region);
        }

        return credentials is null ? new AmazonS3Client(config) : new AmazonS3Client(credentials, config);
    }
}

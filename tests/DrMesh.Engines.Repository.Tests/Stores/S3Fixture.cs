using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using DrMesh.Core.Backups.Storage;
using DrMesh.Engines.Repository.Stores.S3;
using DrMesh.Engines.Repository.Tests.Stores;
using DrMesh.TestKit.Servers;

[assembly: AssemblyFixture(typeof(S3Fixture))]

namespace DrMesh.Engines.Repository.Tests.Stores;

/// <summary>One S3 service for the run, started when the first test asks; a bucket a test.</summary>
public sealed class S3Fixture : IAsyncDisposable
{
    private readonly Lazy<Task<RadosGateway>> _gateway = new(RadosGateway.StartNewAsync);
    private int _buckets;

    public Task<RadosGateway> GatewayAsync() => _gateway.Value;

    public async ValueTask DisposeAsync()
    {
        if (_gateway.IsValueCreated)
        {
            await (await _gateway.Value).DisposeAsync();
        }
    }

    /// <summary>A store on a new bucket; with <paramref name="port"/> reached through something that stands before the service.</summary>
    internal async Task<(IObjectStore Store, AmazonS3Client Client, S3Options Options)> NewStoreAsync(
        TimeSpan? lockFor = null, int? port = null, int retries = 4, string? storageClass = null)
    {
        var gateway = await GatewayAsync();
        var bucket = $"bucket-{Interlocked.Increment(ref _buckets)}";
        var credentials = new BasicAWSCredentials(gateway.AccessKey, gateway.SecretKey);
        var direct = OptionsOf(bucket, gateway.Port, retries, lockFor, storageClass);
        var client = direct.CreateClient(credentials);
        await client.PutBucketAsync(new PutBucketRequest { BucketName = bucket, ObjectLockEnabledForBucket = lockFor is not null });
        var options = port is { } other ? OptionsOf(bucket, other, retries, lockFor, storageClass) : direct;
        return (new S3Store(options, options.CreateClient(credentials), TimeProvider.System), client, options);
    }

    private static S3Options OptionsOf(string bucket, int port, int retries, TimeSpan? lockFor, string? storageClass) =>
        S3Options.Parse($"s3://{bucket}/some/prefix?region={RadosGateway.Region}&endpoint=http://127.0.0.1:{port}&retries={retries}&lock-mode=compliance", storageClass, lockFor);
}

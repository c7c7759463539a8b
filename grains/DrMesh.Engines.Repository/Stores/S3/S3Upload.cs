using Amazon.S3;
using Amazon.S3.Model;
using DrMesh.Core.Backups.Storage;

namespace DrMesh.Engines.Repository.Stores.S3;

/// <summary>
/// An object written part by part. The first part is kept until a second comes: a small object then is a single conditional write. Parts may be written at once; each has its number
/// from the order of the calls.
/// </summary>
internal sealed class S3Upload(S3Store store, AmazonS3Client client, S3Options options, string key) : IObjectUpload
{
    private readonly List<PartETag> _parts = [];
    private byte[]? _first;
    private Task<string>? _upload;
    private int _count;
    private bool _isComplete;

    public async Task WriteAsync(ReadOnlyMemory<byte> part, CancellationToken cancellationToken = default)
    {
        var number = ++_count;
        if (number == 1)
        {
            _first = part.ToArray();
            return;
        }

        if (number == 2)
        {
            _upload = BeginAsync(cancellationToken);
            var first = _first!;
            await UploadAsync(1, first, cancellationToken);
            _first = null;
        }

        await UploadAsync(number, part, cancellationToken);
    }

    public async Task<bool> CompleteAsync(CancellationToken cancellationToken = default)
    {
        if (_count <= 1)
        {
            return _isComplete = await store.PutAsync(key, _first ?? [], ifAbsent: true, cancellationToken);
        }

        var upload = await _upload!;
        return await S3Failures.GuardAsync(store.NameOf(key), async () =>
        {
            if (await store.HeadAsync(key, cancellationToken) is not null)
            {
                return false;
            }

            try
            {
                // Not every service looks at the condition of a completion; those keys are a single writer's own.
                await client.CompleteMultipartUploadAsync(
                    new CompleteMultipartUploadRequest
                    {
                        BucketName = options.Bucket,
                        Key = options.Prefix + key,
                        UploadId = upload,
                        PartETags = [.. _parts.OrderBy(part => part.PartNumber)],
                        IfNoneMatch = options.Endpoint is null ? "*" : null,
                    },
                    cancellationToken);
                return _isComplete = true;
            }
            catch (AmazonS3Exception answer) when (S3Failures.IsConditionFailed(answer))
            {
                return false;
            }
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_upload is not { } begun || _isComplete)
        {
            return;
        }

        try
        {
            await client.AbortMultipartUploadAsync(options.Bucket, options.Prefix + key, await begun, CancellationToken.None);
        }
        catch (Exception unreachable) when (unreachable is AmazonS3Exception or Contracts.Errors.DrMeshException or HttpRequestException)
        {
            // What is left is removed by garbage collection as a stale upload; why it failed is known to whoever wrote.
        }
    }

    private Task<string> BeginAsync(CancellationToken cancellationToken) => S3Failures.GuardAsync(store.NameOf(key), async () =>
    {
        var request = new InitiateMultipartUploadRequest { BucketName = options.Bucket, Key = options.Prefix + key };
        if (store.LockUntil(key) is { } until)
        {
            request.ObjectLockMode = options.LockMode;
            request.ObjectLockRetainUntilDate = until;
        }

        if (store.StorageClassOf(key) is { } storageClass)
        {
            request.StorageClass = storageClass;
        }

        return (await client.InitiateMultipartUploadAsync(request, cancellationToken)).UploadId;
    });

    private Task<bool> UploadAsync(int number, ReadOnlyMemory<byte> part, CancellationToken cancellationToken) =>
        S3Failures.GuardAsync(store.NameOf(key), async () =>
        {
            using var body = new ReadOnlyMemoryStream(part);
            var response = await client.UploadPartAsync(
                new UploadPartRequest
                {
                    BucketName = options.Bucket,
                    Key = options.Prefix + key,
                    UploadId = await _upload!,
                    PartNumber = number,
                    PartSize = part.Length,
                    InputStream = body,
                },
                cancellationToken);
            lock (_parts)
            {
                _parts.Add(new PartETag(number, response.ETag));
            }

            return true;
        });
}

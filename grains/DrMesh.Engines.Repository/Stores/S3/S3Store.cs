using System.Net;
using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;
using DrMesh.Core.Backups.Storage;
using DrMesh.Engines.Repository.Format;

namespace DrMesh.Engines.Repository.Stores.S3;

/// <summary>Objects in an S3 bucket under a prefix. The SDK signs, and retries with growing waits; what an answer means is decided here.</summary>
internal sealed class S3Store(S3Options options, AmazonS3Client client, TimeProvider time) : IObjectStore
{
    private const string NonceName = "x-amz-meta-drmesh-nonce";
    private const int BodyAttempts = 4;

    public string Address => options.Address;

    public Task<ObjectInfo?> StatAsync(string key, CancellationToken cancellationToken = default) => S3Failures.GuardAsync(NameOf(key), async () =>
        await HeadAsync(key, cancellationToken) is { } head ? new ObjectInfo(key, head.ContentLength, head.LastModified?.ToUniversalTime() ?? default) : null);

    public Task<int> ReadAsync(string key, long offset, Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        S3Failures.GuardAsync(NameOf(key), async () =>
        {
            var read = 0;
            for (var attempt = 1; read < buffer.Length; attempt++)
            {
                try
                {
                    var got = await ReadBodyAsync(key, offset + read, buffer[read..], cancellationToken);
                    read += got;
                    if (got == 0 || attempt == 1)
                    {
                        break;
                    }
                }
                catch (Exception cut) when (cut is IOException or HttpRequestException && attempt < BodyAttempts)
                {
                    // The answer had begun, so the SDK does not retry it.
                }
            }

            return read;
        });

    public Task<bool> PutAsync(string key, ReadOnlyMemory<byte> content, bool ifAbsent, CancellationToken cancellationToken = default) =>
        S3Failures.GuardAsync(NameOf(key), async () =>
        {
            var nonce = Guid.NewGuid().ToString("n");
            for (var attempt = 1; ; attempt++)
            {
                using var body = new ReadOnlyMemoryStream(content);
                var request = new PutObjectRequest { BucketName = options.Bucket, Key = options.Prefix + key, InputStream = body, AutoCloseStream = false };
                request.Metadata.Add(NonceName, nonce);
                if (ifAbsent)
                {
                    request.IfNoneMatch = "*";
                }

                if (LockUntil(key) is { } until)
                {
                    request.ObjectLockMode = options.LockMode;
                    request.ObjectLockRetainUntilDate = until;
                }

                if (StorageClassOf(key) is { } storageClass)
                {
                    request.StorageClass = storageClass;
                }

                try
                {
                    await client.PutObjectAsync(request, cancellationToken);
                    return true;
                }
                catch (AmazonS3Exception answer) when (S3Failures.IsConditionFailed(answer))
                {
                    // A retry of a write whose answer was lost finds the object it wrote itself.
                    return await HeadAsync(key, cancellationToken) is { } head && head.Metadata[NonceName] == nonce;
                }
                catch (AmazonS3Exception answer) when (S3Failures.IsConditionConflict(answer) && attempt < BodyAttempts)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(100 * attempt), time, cancellationToken);
                }
            }
        });

    public Task<IObjectUpload> BeginUploadAsync(string key, CancellationToken cancellationToken = default) =>
        Task.FromResult<IObjectUpload>(new S3Upload(this, client, options, key));

    public async IAsyncEnumerable<ObjectInfo> ListAsync(
        string prefix, string? after = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = new ListObjectsV2Request { BucketName = options.Bucket, Prefix = options.Prefix + prefix };
        if (after is not null)
        {
            request.StartAfter = options.Prefix + after;
        }

        ListObjectsV2Response page;
        do
        {
            page = await S3Failures.GuardAsync(NameOf(prefix), () => client.ListObjectsV2Async(request, cancellationToken));
            foreach (var item in page.S3Objects ?? [])
            {
                yield return new ObjectInfo(item.Key[options.Prefix.Length..], item.Size ?? 0, item.LastModified?.ToUniversalTime() ?? default);
            }

            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);
    }

    public Task DeleteAsync(string key, CancellationToken cancellationToken = default) => S3Failures.GuardAsync(NameOf(key), async () =>
    {
        if (await HeadAsync(key, cancellationToken) is not { } head)
        {
            return true;
        }

        // In a bucket with versions only deleting the version itself frees it; without naming it, S3 would only hide it and say it went well.
        var version = head.VersionId is { Length: > 0 } and not "null" ? head.VersionId : null;
        try
        {
            await client.DeleteObjectAsync(
                new DeleteObjectRequest { BucketName = options.Bucket, Key = options.Prefix + key, VersionId = version }, cancellationToken);
            return true;
        }
        catch (AmazonS3Exception refused) when (refused.StatusCode == HttpStatusCode.Forbidden && head.ObjectLockRetainUntilDate is { } until)
        {
            throw RepositoryErrors.Locked(NameOf(key), $"until {until.ToUniversalTime():yyyy-MM-dd HH:mm:ss}Z", refused);
        }
    });

    public Task LockAsync(string key, DateTimeOffset until, CancellationToken cancellationToken = default) => S3Failures.GuardAsync(NameOf(key), async () =>
    {
        var head = await HeadAsync(key, cancellationToken) ?? throw RepositoryErrors.Missing(NameOf(key));
        if (head.ObjectLockRetainUntilDate is { } held && held.ToUniversalTime() >= until.UtcDateTime)
        {
            return true;
        }

        await client.PutObjectRetentionAsync(
            new PutObjectRetentionRequest
            {
                BucketName = options.Bucket,
                Key = options.Prefix + key,
                Retention = new ObjectLockRetention
                {
                    Mode = new ObjectLockRetentionMode(options.LockMode.Value),
                    RetainUntilDate = until.UtcDateTime,
                },
            },
            cancellationToken);
        return true;
    });

    public Task<int> RemoveStaleUploadsAsync(DateTimeOffset before, CancellationToken cancellationToken = default) =>
        S3Failures.GuardAsync(Address, async () =>
        {
            var listed = await client.ListMultipartUploadsAsync(
                new ListMultipartUploadsRequest { BucketName = options.Bucket, Prefix = options.Prefix }, cancellationToken);
            var removed = 0;
            foreach (var upload in listed.MultipartUploads ?? [])
            {
                if (upload.Initiated?.ToUniversalTime() < before.UtcDateTime)
                {
                    await client.AbortMultipartUploadAsync(options.Bucket, upload.Key, upload.UploadId, cancellationToken);
                    removed++;
                }
            }

            return removed;
        });

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }

    internal string NameOf(string key) => $"{Address}/{key}";

    /// <summary>Until when an object written now is locked; null: not.</summary>
    internal DateTime? LockUntil(string key) => options.LockFor is { } length && ObjectNames.IsKept(key) ? (time.GetUtcNow() + length).UtcDateTime : null;

    internal S3StorageClass? StorageClassOf(string key) =>
        options.StorageClass is { } name && key.StartsWith(ObjectNames.Packs, StringComparison.Ordinal) ? S3StorageClass.FindValue(name) : null;

    internal async Task<GetObjectMetadataResponse?> HeadAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            return await client.GetObjectMetadataAsync(options.Bucket, options.Prefix + key, cancellationToken);
        }
        catch (AmazonS3Exception answer) when (S3Failures.IsMissing(answer))
        {
            return null;
        }
    }

    private async Task<int> ReadBodyAsync(string key, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var request = new GetObjectRequest
        {
            BucketName = options.Bucket,
            Key = options.Prefix + key,
            ByteRange = new ByteRange(offset, offset + buffer.Length - 1),
        };
        try
        {
            using var response = await client.GetObjectAsync(request, cancellationToken);
            return await response.ResponseStream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        }
        catch (AmazonS3Exception answer) when (answer.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            return 0;
        }
    }
}

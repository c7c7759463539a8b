using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using DrMesh.Contracts.Errors;

namespace DrMesh.Engines.Repository.Stores.S3;

/// <summary>What S3's answers mean, once the SDK has tried as often as it should.</summary>
internal static class S3Failures
{
    public static async Task<T> GuardAsync<T>(string name, Func<Task<T>> action)
    {
        try
        {
            return await action();
        }
        catch (Exception failure) when (Translate(name, failure) is { } named)
        {
            throw named;
        }
    }

    public static bool IsMissing(AmazonS3Exception answer) => answer.StatusCode == HttpStatusCode.NotFound && answer.ErrorCode != "NoSuchBucket";

    /// <summary>A condition did not hold: an object is there already.</summary>
    public static bool IsConditionFailed(AmazonS3Exception answer) => answer.StatusCode == HttpStatusCode.PreconditionFailed;

    /// <summary>Another conditional write of the same key is under way; it may yet fail.</summary>
    public static bool IsConditionConflict(AmazonS3Exception answer) =>
        answer.StatusCode == HttpStatusCode.Conflict && answer.ErrorCode == "ConditionalRequestConflict";

    private static DrMeshException? Translate(string name, Exception failure) => failure switch
    {
        AmazonS3Exception { ErrorCode: "NoSuchBucket" } => RepositoryErrors.Refused(name, "the bucket does not exist", failure),
        AmazonS3Exception answer when IsMissing(answer) => RepositoryErrors.Missing(name),
        AmazonS3Exception { ErrorCode: "QuotaExceeded" } or AmazonS3Exception { StatusCode: HttpStatusCode.InsufficientStorage } =>
            RepositoryErrors.Full(name, failure),
        AmazonServiceException { StatusCode: HttpStatusCode.Forbidden or HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized } answer =>
            RepositoryErrors.Refused(name, $"{answer.ErrorCode}: {answer.Message}", failure),
        AmazonServiceException answer => RepositoryErrors.Unreachable(name, $"{(int)answer.StatusCode} {answer.ErrorCode} {answer.Message}".Trim(), failure),
        AmazonClientException or HttpRequestException or IOException or System.Net.Sockets.SocketException =>
            RepositoryErrors.Unreachable(name, failure.Message, failure),
        TaskCanceledException { InnerException: TimeoutException } => RepositoryErrors.Unreachable(name, "it does not answer in time", failure),
        _ => null,
    };
}

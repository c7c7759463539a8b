using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using DrMesh.Contracts.Errors;

namespace DrMesh.Engines.Repository.Stores;

/// <summary>
/// Credentials for AWS clients. An endpoint that is not AWS's own must have them from the environment or a profile: the SDK's last resort, the instance's metadata service, is not there and would be
/// waited for.
/// </summary>
internal static class AwsCredentials
{
    /// <summary>The access key an estate names, else the environment's, else a profile's; null: the machine's own role.</summary>
    public static AWSCredentials? Find(string address, bool hasEndpoint, Contracts.Estate.AwsCredentials? named = null)
    {
        if (named is not null)
        {
            return new BasicAWSCredentials(named.AccessKeyId, ReadSecret(named.SecretAccessKeyFile, address));
        }

        var key = Environment.GetEnvironmentVariable("AWS_ACCESS_KEY_ID");
        var secret = Environment.GetEnvironmentVariable("AWS_SECRET_ACCESS_KEY");
        if (!string.IsNullOrEmpty(key) && !string.IsNullOrEmpty(secret))
        {
            var token = Environment.GetEnvironmentVariable("AWS_SESSION_TOKEN");
            return string.IsNullOrEmpty(token) ? new BasicAWSCredentials(key, secret) : new SessionAWSCredentials(key, secret, token);
        }

        var profile = Environment.GetEnvironmentVariable("AWS_PROFILE") ?? "default";
        if (new CredentialProfileStoreChain().TryGetAWSCredentials(profile, out var credentials))
        {
            return credentials;
        }

        return hasEndpoint
            ? throw new DrMeshException(
                DrMeshError.ConfigurationInvalid, $"no credentials for {address}", "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE")
            : null;
    }

    private static string ReadSecret(string file, string address)
    {
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new DrMeshException(
                DrMeshError.ConfigurationInvalid, $"the secret access key of {address} cannot be read: {unreadable.Message}", "put it there, readable for the silo's user", unreadable);
        }
    }
}

using System.Net;
using System.Security.Cryptography;
using System.Text;
using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Amazon.Runtime;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups.Keys;

namespace DrMesh.Engines.Repository.Keys;

/// <summary>
/// Wraps with a key of AWS KMS, which never leaves it; the context is the encryption context <c>drmesh</c>. The id is <c>kms-</c> and the first 12 hexadecimal digits of SHA-256
/// over the key's ARN.
/// </summary>
internal sealed class KmsKeySource(IAmazonKeyManagementService service, string arn) : IKeySource
{
    public string KeyId { get; } = "kms-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(arn)))[..12];

    public Task<byte[]> WrapAsync(ReadOnlyMemory<byte> key, string context, CancellationToken cancellationToken = default) => GuardAsync(context, async () =>
    {
        using var plain = new MemoryStream(key.ToArray(), writable: false);
        var answer = await service.EncryptAsync(
            new EncryptRequest { KeyId = arn, Plaintext = plain, EncryptionContext = Context(context) }, cancellationToken);
        return answer.CiphertextBlob.ToArray();
    });

    public Task<byte[]> UnwrapAsync(ReadOnlyMemory<byte> wrapped, string context, CancellationToken cancellationToken = default) => GuardAsync(context, async () =>
    {
        using var sealedKey = new MemoryStream(wrapped.ToArray(), writable: false);
        var answer = await service.DecryptAsync(
            new DecryptRequest { KeyId = arn, CiphertextBlob = sealedKey, EncryptionContext = Context(context) }, cancellationToken);
        return answer.Plaintext.ToArray();
    });

    private static Dictionary<string, string> Context(string context) => new() { ["drmesh"] = context };

    private async Task<byte[]> GuardAsync(string context, Func<Task<byte[]>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception wrong) when (wrong is InvalidCiphertextException or IncorrectKeyException)
        {
            throw RepositoryErrors.KeyWrong($"KMS key {arn} does not open the wrapped key of {context}", wrong);
        }
        catch (AmazonServiceException answer)
        {
            var isBusy = answer.ErrorCode is "ThrottlingException" or "LimitExceededException";
            var hint = answer.StatusCode == HttpStatusCode.BadRequest && !isBusy
                ? "check the key's ARN, state and policy (kms:Encrypt, kms:Decrypt)"
                : "try again when the service answers";
            throw new DrMeshException(DrMeshError.KeyServiceFailed, $"KMS key {arn}: {answer.ErrorCode} {answer.Message}", hint, answer);
        }
        catch (Exception failure) when (failure is AmazonClientException or HttpRequestException or IOException)
        {
            throw new DrMeshException(DrMeshError.KeyServiceFailed, $"KMS does not answer for key {arn}: {failure.Message}", "check the network and the region", failure);
        }
    }
}

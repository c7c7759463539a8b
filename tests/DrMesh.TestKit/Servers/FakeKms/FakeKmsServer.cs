using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DrMesh.TestKit.Servers.FakeKms;

/// <summary>
/// A FAKE of AWS KMS, since the real one cannot be had in a test. It does what the service's documentation (TrentService, JSON 1.1) says of Encrypt and Decrypt with a symmetric key: the encryption
/// context is bound to the ciphertext, a ciphertext knows its key, a disabled or unknown key is refused. Signatures are not verified, only that the access key is the known one.
/// </summary>
public sealed class FakeKmsServer : IAsyncDisposable
{
    /// <summary>The access key it knows.</summary>
    public const string AccessKey = "AKIDFAKE";

    private const int NonceLength = 12;
    private const int TagLength = 16;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, FakeKmsKey> _keys = [];
    private readonly HttpAnswerer _http;

    private FakeKmsServer() => _http = new HttpAnswerer(AnswerAsync);

    /// <summary>Where it answers.</summary>
    public Uri Url => _http.Url;

    /// <summary>How many further requests are answered with status 500 without being acted on.</summary>
    public int InternalErrors { get; set; }

    /// <summary>How many further requests are refused because there were too many.</summary>
    public int Throttled { get; set; }

    /// <summary>Requests acted on.</summary>
    public int Served { get; private set; }

    /// <summary>Starts one.</summary>
    public static FakeKmsServer StartNew() => new();

    /// <summary>Makes a key and returns its ARN.</summary>
    public string CreateKey()
    {
        lock (_lock)
        {
            var arn = $"arn:aws:kms:us-east-1:111122223333:key/{Guid.NewGuid()}";
            _keys[arn] = new FakeKmsKey(RandomNumberGenerator.GetBytes(32));
            return arn;
        }
    }

    /// <summary>Disables a key, or enables it again.</summary>
    public void SetEnabled(string arn, bool isEnabled)
    {
        lock (_lock)
        {
            _keys[arn] = _keys[arn] with { IsEnabled = isEnabled };
        }
    }

    /// <summary>Forbids a key's use, as its policy would.</summary>
    public void Forbid(string arn)
    {
        lock (_lock)
        {
            _keys[arn] = _keys[arn] with { IsForbidden = true };
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _http.DisposeAsync();

    private async Task AnswerAsync(HttpListenerContext context)
    {
        using var reader = new StreamReader(context.Request.InputStream);
        var body = await reader.ReadToEndAsync();
        int status;
        JsonObject answer;
        lock (_lock)
        {
            (status, answer) = Refuse(context.Request) ?? Act(context.Request.Headers["X-Amz-Target"], JsonNode.Parse(body)!);
        }

        var bytes = JsonSerializer.SerializeToUtf8Bytes(answer);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/x-amz-json-1.1";
        context.Response.ContentLength64 = bytes.Length;
        await context.Response.OutputStream.WriteAsync(bytes);
        context.Response.Close();
    }

    private (int Status, JsonObject Answer)? Refuse(HttpListenerRequest request)
    {
        if (InternalErrors > 0)
        {
            InternalErrors--;
            return Error(500, "KMSInternalException", "The request was rejected because an internal exception occurred.");
        }

        if (Throttled > 0)
        {
            Throttled--;
            return Error(400, "ThrottlingException", "Rate exceeded");
        }

        return request.Headers["Authorization"]?.Contains($"Credential={AccessKey}/", StringComparison.Ordinal) == true
            ? null
            : Error(400, "UnrecognizedClientException", "The security token included in the request is invalid.");
    }

    private (int Status, JsonObject Answer) Act(string? target, JsonNode request)
    {
        Served++;
        var arn = (string?)request["KeyId"] ?? "";
        if (!_keys.TryGetValue(arn, out var key))
        {
            return Error(400, "NotFoundException", $"Key '{arn}' does not exist");
        }

        if (key.IsForbidden)
        {
            return Error(400, "AccessDeniedException", $"User is not authorized to perform {target} on resource {arn}");
        }

        if (!key.IsEnabled)
        {
            return Error(400, "DisabledException", $"{arn} is disabled.");
        }

        var context = Encoding.UTF8.GetBytes(request["EncryptionContext"]?.ToJsonString() ?? "");
        return target switch
        {
            "TrentService.Encrypt" => Encrypt(arn, key, Convert.FromBase64String((string)request["Plaintext"]!), context),
            "TrentService.Decrypt" => Decrypt(arn, key, Convert.FromBase64String((string)request["CiphertextBlob"]!), context),
            _ => Error(400, "UnknownOperationException", $"the fake does not know {target}"),
        };
    }

    // A ciphertext is: SHA-256 of the key's ARN, nonce, ciphertext, tag.
    private static (int Status, JsonObject Answer) Encrypt(string arn, FakeKmsKey key, byte[] plain, byte[] context)
    {
        var name = SHA256.HashData(Encoding.UTF8.GetBytes(arn));
        var nonce = RandomNumberGenerator.GetBytes(NonceLength);
        var content = new byte[plain.Length];
        var tag = new byte[TagLength];
        using var cipher = new AesGcm(key.Secret, TagLength);
        cipher.Encrypt(nonce, plain, content, tag, context);
        return (200, new JsonObject { ["KeyId"] = arn, ["CiphertextBlob"] = Convert.ToBase64String([.. name, .. nonce, .. content, .. tag]) });
    }

    private static (int Status, JsonObject Answer) Decrypt(string arn, FakeKmsKey key, byte[] blob, byte[] context)
    {
        const int head = SHA256.HashSizeInBytes + NonceLength;
        if (blob.Length <= head + TagLength)
        {
            return Error(400, "InvalidCiphertextException", "");
        }

        if (!blob.AsSpan(0, SHA256.HashSizeInBytes).SequenceEqual(SHA256.HashData(Encoding.UTF8.GetBytes(arn))))
        {
            return Error(400, "IncorrectKeyException", "The key ID in the request does not identify a CMK that can perform this operation.");
        }

        var plain = new byte[blob.Length - head - TagLength];
        using var cipher = new AesGcm(key.Secret, TagLength);
        try
        {
            cipher.Decrypt(blob.AsSpan(SHA256.HashSizeInBytes, NonceLength), blob.AsSpan(head, plain.Length), blob.AsSpan(^TagLength..), plain, context);
        }
        catch (AuthenticationTagMismatchException)
        {
            return Error(400, "InvalidCiphertextException", "");
        }

        return (200, new JsonObject { ["KeyId"] = arn, ["Plaintext"] = Convert.ToBase64String(plain) });
    }

    private static (int Status, JsonObject Answer) Error(int status, string type, string message) => (status, new JsonObject { ["__type"] = type, ["message"] = message });
}

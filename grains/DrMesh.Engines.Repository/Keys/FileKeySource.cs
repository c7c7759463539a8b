using System.Security.Cryptography;
using System.Text;
using DrMesh.Core.Backups.Keys;

namespace DrMesh.Engines.Repository.Keys;

/// <summary>Wraps with a key from a key file: AES-256-GCM, a random nonce (12 bytes), the wrapped key, the tag (16 bytes); the context is associated data.</summary>
internal sealed class FileKeySource(string keyId, byte[] key) : IKeySource
{
    private const int NonceLength = 12;
    private const int TagLength = 16;

    public string KeyId { get; } = keyId;

    public static FileKeySource Load(string path)
    {
        var (id, key) = KeyFile.Read(path);
        return new FileKeySource(id, key);
    }

    public Task<byte[]> WrapAsync(ReadOnlyMemory<byte> plainKey, string context, CancellationToken cancellationToken = default)
    {
        var wrapped = new byte[NonceLength + plainKey.Length + TagLength];
        RandomNumberGenerator.Fill(wrapped.AsSpan(0, NonceLength));
        using var cipher = new AesGcm(key, TagLength);
        cipher.Encrypt(
            wrapped.AsSpan(0, NonceLength),
            plainKey.Span,
            wrapped.AsSpan(NonceLength, plainKey.Length),
            wrapped.AsSpan(NonceLength + plainKey.Length),
            Encoding.UTF8.GetBytes(context));
        return Task.FromResult(wrapped);
    }

    public Task<byte[]> UnwrapAsync(ReadOnlyMemory<byte> wrapped, string context, CancellationToken cancellationToken = default)
    {
        var length = wrapped.Length - NonceLength - TagLength;
        if (length <= 0)
        {
            throw RepositoryErrors.KeyWrong($"the wrapped key of {context} has only {wrapped.Length} bytes");
        }

        var plain = new byte[length];
        using var cipher = new AesGcm(key, TagLength);
        try
        {
            cipher.Decrypt(
                wrapped.Span[..NonceLength], wrapped.Span.Slice(NonceLength, length), wrapped.Span[^TagLength..], plain, Encoding.UTF8.GetBytes(context));
        }
        catch (AuthenticationTagMismatchException mismatch)
        {
            throw RepositoryErrors.KeyWrong($"key {KeyId} does not open the wrapped key of {context}", mismatch);
        }

        return Task.FromResult(plain);
    }
}

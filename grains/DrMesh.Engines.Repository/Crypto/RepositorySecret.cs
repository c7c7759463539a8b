using System.Security.Cryptography;
using System.Text;
using DrMesh.Engines.Repository.Format;

namespace DrMesh.Engines.Repository.Crypto;

/// <summary>The repository's secret (32 bytes, wrapped by the key-encryption key) and what is derived from it with HKDF-SHA-256.</summary>
internal sealed class RepositorySecret
{
    public const int Length = 32;
    private readonly byte[] _secret;
    private readonly byte[] _chunkIdKey;
    private readonly byte[] _signatureKey;

    public RepositorySecret(byte[] secret)
    {
        _secret = secret;
        _chunkIdKey = Derive("drmesh/1/chunk-id", []);
        _signatureKey = Derive("drmesh/1/signature", []);
    }

    /// <summary>The secret itself, for wrapping.</summary>
    public ReadOnlyMemory<byte> Bytes => _secret;

    public ChunkId Identify(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[32];
        HMACSHA256.HashData(_chunkIdKey, content, hash);
        return ChunkId.Read(hash);
    }

    public void Sign(ReadOnlySpan<byte> content, Span<byte> signature) => HMACSHA256.HashData(_signatureKey, content, signature);

    public bool IsSigned(ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature)
    {
        Span<byte> expected = stackalloc byte[32];
        Sign(content, expected);
        return CryptographicOperations.FixedTimeEquals(expected, signature);
    }

    /// <summary>The key of one object, bound to its name: an object under another's name does not open.</summary>
    public byte[] ObjectKey(string name, ReadOnlySpan<byte> salt) => Derive("drmesh/1/object/" + name, salt);

    private byte[] Derive(string purpose, ReadOnlySpan<byte> salt)
    {
        var key = new byte[32];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _secret, key, salt, Encoding.UTF8.GetBytes(purpose));
        return key;
    }
}

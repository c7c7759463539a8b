using System.Buffers.Binary;
using System.Security.Cryptography;

namespace DrMesh.Engines.Files.Checksums;

/// <summary>
/// A file's digest: SHA-256 over its length and, for each block that is not all zeros, the block's number and SHA-256. A hole and written zeros give the same,
/// a hole costs nothing, and blocks can be hashed in parallel.
/// </summary>
internal sealed class ContentDigest : IDisposable
{
    public const int BlockSize = 1 << 20;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public ContentDigest(long length) => AddNumber(length);

    /// <summary>Adds a block's hash, in the order of the blocks; an empty one stands for zeros.</summary>
    public void Add(long index, byte[] hash)
    {
        if (hash.Length > 0)
        {
            AddNumber(index);
            _hash.AppendData(hash);
        }
    }

    /// <summary>The digest, 32 bytes.</summary>
    public byte[] Finish() => _hash.GetHashAndReset();

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();

    private void AddNumber(long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        _hash.AppendData(bytes);
    }
}

using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace DrMesh.Engines.Repository.Crypto;

/// <summary>The data key of one writer, that is of one backup: made at random, kept wrapped. What it encrypts is derived from it.</summary>
internal sealed class DataKey
{
    private readonly byte[] _key;

    public DataKey(byte[] key)
    {
        _key = key;
        ChunkKey = Derive("drmesh/1/chunks");
    }

    /// <summary>Encrypts the writer's chunks; the frames' sequence numbers run over all its packs.</summary>
    public byte[] ChunkKey { get; }

    public ReadOnlyMemory<byte> Bytes => _key;

    public static DataKey Create() => new(RandomNumberGenerator.GetBytes(RepositorySecret.Length));

    /// <summary>Encrypts the index at the end of a pack. Compaction writes a new index under the next generation's key.</summary>
    public byte[] PackIndexKey(uint pack, uint generation)
    {
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32BigEndian(number, pack);
        BinaryPrimitives.WriteUInt32BigEndian(number[4..], generation);
        var key = new byte[32];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _key, key, number, "drmesh/1/pack-index"u8);
        return key;
    }

    private byte[] Derive(string purpose)
    {
        var key = new byte[32];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _key, key, [], Encoding.UTF8.GetBytes(purpose));
        return key;
    }
}

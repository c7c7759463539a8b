using System.Buffers.Binary;


namespace DrMesh.Engines.Repository.Format;

/// <summary>The first 16 bytes of a content's HMAC-SHA-256 under the repository's chunk-id key: only who has the key can make or recognise one.</summary>
internal readonly record struct ChunkId(ulong High, ulong Low) : IComparable<ChunkId>
{
    public const int Length = 16;

    public static ChunkId Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));

    public void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt64BigEndian(target, High);
        BinaryPrimitives.WriteUInt64BigEndian(target[8..], Low);
    }

    public int CompareTo(ChunkId other)
    {
        var order = High.CompareTo(other.High);
        return order != 0 ? order : Low.CompareTo(other.Low);
    }
}

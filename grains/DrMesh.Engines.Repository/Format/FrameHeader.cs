using System.Buffers.Binary;
using DrMesh.Core.Backups;

namespace DrMesh.Engines.Repository.Format;

/// <summary>How a frame's content is stored.</summary>
internal enum FrameCodec : byte
{
    Raw = 0,
    Zstd = 1,
}

/// <summary>
/// The 16 bytes before each encrypted frame: plain length, stored length (24 bits) with the codec (7 bits) and the mark of an object's last frame (1 bit), and the sequence number that is the nonce.
/// </summary>
internal readonly record struct FrameHeader(int PlainLength, int StoredLength, FrameCodec Codec, bool IsLast, ulong Sequence)
{
    public const int Length = 16;
    public const int TagLength = 16;

    /// <summary>Bytes of the whole frame: header, content, tag.</summary>
    public int FrameLength => Length + StoredLength + TagLength;

    public static FrameHeader Read(ReadOnlySpan<byte> bytes)
    {
        var second = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        return new FrameHeader(
            (int)BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            (int)(second & 0xFFFFFF),
            (FrameCodec)((second >> 24) & 0x7F),
            (second >> 31) != 0,
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));
    }

    public void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(target, (uint)PlainLength);
        BinaryPrimitives.WriteUInt32LittleEndian(target[4..], (uint)StoredLength | ((uint)Codec << 24) | (IsLast ? 1u << 31 : 0));
        BinaryPrimitives.WriteUInt64LittleEndian(target[8..], Sequence);
    }

    /// <summary>Whether the lengths can be a frame's.</summary>
    public bool IsPlausible =>
        PlainLength is >= 0 and <= ChunkSize.Maximum && StoredLength <= ChunkSize.Maximum
        && Codec is FrameCodec.Raw or FrameCodec.Zstd && (Codec != FrameCodec.Raw || StoredLength == PlainLength);
}

using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace DrMesh.Engines.Repository.Format;

/// <summary>A growing buffer of variable-length numbers (LEB128), strings and raw bytes.</summary>
internal sealed class ByteWriter(int capacity = 4096)
{
    private byte[] _buffer = new byte[capacity];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Span => _buffer.AsSpan(0, Length);

    public ReadOnlyMemory<byte> Memory => _buffer.AsMemory(0, Length);

    public void Clear() => Length = 0;

    /// <summary>Hands the content over and begins anew.</summary>
    public ReadOnlyMemory<byte> Detach()
    {
        var content = Memory;
        _buffer = new byte[_buffer.Length];
        Length = 0;
        return content;
    }

    public void Number(ulong value)
    {
        var target = Reserve(10);
        var length = 0;
        while (value >= 0x80)
        {
            target[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        target[length++] = (byte)value;
        Length += length;
    }

    public void Number(long value) => Number(checked((ulong)value));

    /// <summary>A number that may be negative, small values short (zigzag).</summary>
    public void Signed(long value) => Number((ulong)((value << 1) ^ (value >> 63)));

    public void Fixed(ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(Reserve(8), value);
        Length += 8;
    }

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        Length += bytes.Length;
    }

    public void Text(ReadOnlySpan<char> text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        Number((ulong)length);
        Encoding.UTF8.GetBytes(text, Reserve(length));
        Length += length;
    }

    private Span<byte> Reserve(int length)
    {
        if (_buffer.Length - Length < length)
        {
            Array.Resize(ref _buffer, (int)BitOperations.RoundUpToPowerOf2((uint)(Length + length)));
        }

        return _buffer.AsSpan(Length);
    }
}

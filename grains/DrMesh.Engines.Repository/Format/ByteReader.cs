using System.Buffers.Binary;
using System.Text;

namespace DrMesh.Engines.Repository.Format;

/// <summary>Reads what <see cref="ByteWriter"/> wrote. Anything that cannot be read is damage of the object it came from.</summary>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes, string name)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private readonly string _name = name;
    private int _position;

    public readonly bool IsAtEnd => _position == _bytes.Length;

    public ulong Number()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (_position == _bytes.Length)
            {
                break;
            }

            var next = _bytes[_position++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw RepositoryErrors.Damaged(_name, "a number in it cannot be read");
    }

    /// <summary>A number of things, none of which can take less than a byte.</summary>
    public int Count()
    {
        var count = Number();
        return count <= (ulong)(_bytes.Length - _position) ? (int)count : throw RepositoryErrors.Damaged(_name, $"a count in it is {count}");
    }

    public long Position()
    {
        var value = Number();
        return value <= long.MaxValue ? (long)value : throw RepositoryErrors.Damaged(_name, "a position in it cannot be");
    }

    public int Int()
    {
        var value = Number();
        return value <= int.MaxValue ? (int)value : throw RepositoryErrors.Damaged(_name, "a length in it cannot be");
    }

    public long Signed()
    {
        var value = Number();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public ulong Fixed() => BinaryPrimitives.ReadUInt64BigEndian(Bytes(8));

    public ReadOnlySpan<byte> Bytes(int length)
    {
        if (length < 0 || _bytes.Length - _position < length)
        {
            throw RepositoryErrors.Damaged(_name, "it ends too early");
        }

        _position += length;
        return _bytes.Slice(_position - length, length);
    }

    public string Text() => Encoding.UTF8.GetString(Bytes(Count()));
}

using System.Buffers.Binary;
using DrMesh.Contracts.Databases;

namespace DrMesh.Core.Backups.PostgreSql;

/// <summary>
/// Walks over the records of a segment, or of the beginning of one, up to where its valid records end; records may cross pages. Source: the server's <c>xlog_internal.h</c>, <c>xlogrecord.h</c>.
/// </summary>
/// <param name="content">The bytes from the segment's beginning on.</param>
/// <param name="start">The position of the first byte.</param>
internal ref struct WalRecords(ReadOnlySpan<byte> content, Lsn start)
{
    /// <summary>Bytes of a record's own header; its resource manager stands at 17, its kind in the upper half of byte 16.</summary>
    public const int Header = 24;

    private const int PageSize = 8192;
    private const int ShortHeader = 24;
    private const int LongHeader = 40;
    private readonly ReadOnlySpan<byte> _content = content;
    private int _position;

    /// <summary>The position after the record read last.</summary>
    public readonly Lsn Position => start + _position;

    /// <summary>Passes over the rest of a record that began before; false: the first page is none.</summary>
    public bool SkipContinuation()
    {
        if (!EnterPage())
        {
            return false;
        }

        var isContinued = (BinaryPrimitives.ReadUInt16LittleEndian(_content[2..]) & 1) != 0;
        return !isContinued || (Move(BinaryPrimitives.ReadInt32LittleEndian(_content[16..]), []) && Align());
    }

    /// <summary>Reads the beginning of the next record and passes over the rest.</summary>
    public bool TryReadRecord(scoped Span<byte> beginning, out int length)
    {
        length = 0;
        if (!EnterPage() || _position + 4 > _content.Length)
        {
            return false;
        }

        var total = BinaryPrimitives.ReadInt32LittleEndian(_content[_position..]);
        if (total < Header)
        {
            return false;
        }

        length = Math.Min(total, beginning.Length);
        return Move(total, beginning[..length]) && Align();
    }

    private bool Align()
    {
        _position = (_position + 7) & ~7;
        return true;
    }

    /// <summary>At a page's beginning, checks its header and passes over it.</summary>
    private bool EnterPage()
    {
        if (_position % PageSize != 0)
        {
            return true;
        }

        if (_position + LongHeader > _content.Length || BinaryPrimitives.ReadUInt64LittleEndian(_content[(_position + 8)..]) != start.Value + (ulong)_position)
        {
            return false;
        }

        var isLong = (BinaryPrimitives.ReadUInt16LittleEndian(_content[(_position + 2)..]) & 2) != 0;
        _position += isLong ? LongHeader : ShortHeader;
        return true;
    }

    private bool Move(int count, scoped Span<byte> copy)
    {
        while (count > 0)
        {
            if (!EnterPage())
            {
                return false;
            }

            var part = Math.Min(count, PageSize - (_position % PageSize));
            if (_position + part > _content.Length)
            {
                return false;
            }

            if (!copy.IsEmpty)
            {
                var copied = Math.Min(part, copy.Length);
                _content.Slice(_position, copied).CopyTo(copy);
                copy = copy[copied..];
            }

            _position += part;
            count -= part;
        }

        return true;
    }
}

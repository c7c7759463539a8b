using System.Buffers.Binary;
using DrMesh.Contracts.Databases;

namespace DrMesh.Core.Backups.PostgreSql;

/// <summary>
/// The times of the first and last transaction that ended in a stretch of WAL. A recovery to a time after the last commit of the archive fails, so a window must end
/// there and not when the archive was written. Source: the server's <c>xlog_internal.h</c>, <c>xlogrecord.h</c>, <c>xact.h</c>.
/// </summary>
/// <param name="First">The first; null: none ended here.</param>
/// <param name="Last">The last.</param>
public readonly record struct WalCommits(DateTimeOffset? First, DateTimeOffset? Last)
{
    private const int PageSize = 8192;
    private const int ShortHeader = 24;
    private const int LongHeader = 40;
    private const int RecordHeader = 24;
    private const int Parsed = RecordHeader + 64;
    private const byte TransactionManager = 1;
    private static readonly DateTimeOffset PostgresEpoch = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Scans a segment, or the beginning of one, up to where its valid records end.</summary>
    /// <param name="content">The bytes from the segment's beginning on.</param>
    /// <param name="start">The position of the first byte.</param>
    public static WalCommits Scan(ReadOnlySpan<byte> content, Lsn start)
    {
        var cursor = new Cursor(content, start);
        if (!cursor.SkipContinuation())
        {
            return default;
        }

        DateTimeOffset? first = null;
        DateTimeOffset? last = null;
        Span<byte> record = stackalloc byte[Parsed];
        while (cursor.TryReadRecord(record, out var length))
        {
            if (EndTime(record[..length]) is { } time)
            {
                first ??= time;
                last = time;
            }
        }

        return new WalCommits(first, last);
    }

    private static DateTimeOffset? EndTime(ReadOnlySpan<byte> record)
    {
        // Commits, aborts, and those of prepared transactions: codes 0, 2, 3, 4 of the transaction manager.
        if (record[17] != TransactionManager || (record[16] & 0x70) is not (0x00 or 0x20 or 0x30 or 0x40))
        {
            return null;
        }

        var position = RecordHeader;
        while (position < record.Length)
        {
            // The block of main data, long or short; an origin or a top-level transaction may stand before it.
            switch (record[position])
            {
                case 255 when position + 10 <= record.Length:
                    return Time(record[(position + 2)..]);
                case 254 when position + 13 <= record.Length:
                    return Time(record[(position + 5)..]);
                case 253:
                    position += 3;
                    break;
                case 252:
                    position += 5;
                    break;
                default:
                    return null;
            }
        }

        return null;
    }

    private static DateTimeOffset Time(ReadOnlySpan<byte> data) => PostgresEpoch.AddTicks(BinaryPrimitives.ReadInt64LittleEndian(data) * 10);

    /// <summary>Walks over records that cross pages.</summary>
    private ref struct Cursor(ReadOnlySpan<byte> content, Lsn start)
    {
        private readonly ReadOnlySpan<byte> _content = content;
        private int _position;

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
            if (total < RecordHeader)
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
}

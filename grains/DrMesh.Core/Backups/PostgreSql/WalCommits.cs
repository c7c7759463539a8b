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
    private const int Parsed = WalRecords.Header + 64;
    private const byte TransactionManager = 1;

    /// <summary>What the server counts time from.</summary>
    internal static readonly DateTimeOffset PostgresEpoch = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Scans a segment, or the beginning of one, up to where its valid records end.</summary>
    /// <param name="content">The bytes from the segment's beginning on.</param>
    /// <param name="start">The position of the first byte.</param>
    public static WalCommits Scan(ReadOnlySpan<byte> content, Lsn start)
    {
        var records = new WalRecords(content, start);
        if (!records.SkipContinuation())
        {
            return default;
        }

        DateTimeOffset? first = null;
        DateTimeOffset? last = null;
        Span<byte> record = stackalloc byte[Parsed];
        while (records.TryReadRecord(record, out var length))
        {
            if (EndTime(record[..length]) is { } time)
            {
                first ??= time;
                last = time;
            }
        }

        return new WalCommits(first, last);
    }

    /// <summary>When the transaction ended whose last record this is; null: it is no such record.</summary>
    internal static DateTimeOffset? EndTime(ReadOnlySpan<byte> record)
    {
        // Commits, aborts, and those of prepared transactions: codes 0, 2, 3, 4 of the transaction manager.
        if (record[17] != TransactionManager || (record[16] & 0x70) is not (0x00 or 0x20 or 0x30 or 0x40))
        {
            return null;
        }

        var position = WalRecords.Header;
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
}

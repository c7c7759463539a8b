using System.Buffers.Binary;
using DrMesh.Contracts.Databases;

namespace DrMesh.Core.Backups.PostgreSql;

/// <summary>
/// Where transactions ended in a stretch of WAL: commits and aborts, of subtransactions with their parent; the ends of prepared transactions carry no id in their header and are not found.
/// Source: the server's <c>xlogrecord.h</c>, <c>xact.h</c>.
/// </summary>
public static class WalTransactions
{
    private const byte Manager = 1;
    private const int Parsed = WalRecords.Header + 64;

    /// <summary>Looks for the end of one transaction in a segment, or the beginning of one; null: it is not in it.</summary>
    /// <param name="content">The bytes from the segment's beginning on.</param>
    /// <param name="start">The position of the first byte.</param>
    /// <param name="transaction">Its id, with or without its epoch; the log holds the lower 32 bits.</param>
    public static TransactionEnd? Find(ReadOnlySpan<byte> content, Lsn start, ulong transaction)
    {
        var records = new WalRecords(content, start);
        if (!records.SkipContinuation())
        {
            return null;
        }

        TransactionEnd? found = null;
        Span<byte> record = stackalloc byte[Parsed];
        while (records.TryReadRecord(record, out var length))
        {
            if (length > WalRecords.Header && record[17] == Manager && (record[16] & 0x70) is (0x00 or 0x20) and var kind
                && BinaryPrimitives.ReadUInt32LittleEndian(record[4..]) == (uint)transaction && WalCommits.EndTime(record[..length]) is { } time)
            {
                found = new TransactionEnd(records.Position, time, kind == 0x00);
            }
        }

        return found;
    }
}
